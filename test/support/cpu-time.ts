/** Processor time of this process so far, in ms, which other processes on the machine do not lengthen. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
