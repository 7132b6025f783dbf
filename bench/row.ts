/** One line of the table: rounds alternate between the two sides, so that a machine that slows down slows both. */
import { median } from "./median";
import type { Peer } from "./peer";

export interface Row {
  readonly work: string;
  /** at most so much of the peer's time; absent: no target */
  readonly target?: number;
  readonly rounds: number;
  /** floating-point operations of a run that products make, and what the machine does at most, both in units of 1e9 (a second) */
  readonly flops: number;
  readonly peak: number;
  /** how far apart the two losses of the first run may be, relatively; absent: they differ by what they compute */
  readonly agreement?: number;
}

export type Side = () => Promise<{ readonly ms: number; readonly value: number }>;

/** @param more - started after the rounds, and printed beside: a peer on several threads, which spin when they have nothing to do */
export async function row({ work, target, rounds, flops, peak, agreement }: Row, ours: Side, peer?: Peer, more?: () => Promise<Peer | undefined>): Promise<void> {
  const mine: number[] = [], theirs: number[] = [], others: number[] = [];
  let trouble = "", warm = 0; // ours has run so long: the engine's second compiler is done after a second, in every thread
  while (mine.length < rounds) {
    const a = await ours(), b = await peer?.run();
    if (b && agreement !== undefined && Math.abs(a.value - b.value) > agreement * Math.abs(b.value)) trouble = `  NOT THE SAME WORK: ${a.value} and ${b.value}`;
    if (warm >= 1000) {
      mine.push(a.ms);
      if (b) theirs.push(b.ms);
    } else warm += a.ms;
  }
  const other = await more?.();
  while (other && others.length < rounds) others.push((await other.run()).ms);
  other?.stop();
  const ms = median(mine), share = `${((100 * flops) / (ms / 1e3) / peak).toFixed(0)} % of peak`, ratio = (times: number[]) => (ms / median(times)).toFixed(2);
  const beside = theirs.length > 0 ? `peer ${median(theirs).toFixed(1)} ms, ratio ${ratio(theirs)}${target === undefined ? "" : ` (at most ${target})`}` : "peer not found";
  const further = others.length > 0 ? `; peer on ${other!.threads} threads ${median(others).toFixed(1)} ms, ratio ${ratio(others)}` : "";
  console.log(`${work.padEnd(68)} ours ${ms.toFixed(1).padStart(7)} ms, ${beside}${further}; ${share}${trouble}`);
}
