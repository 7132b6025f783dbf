/** Every task, learned from scratch by one run: `npm run bench -- tasks`. Fails where one misses its criterion or budget. */
import { learn, taskCriteria } from "./task-criteria";

export async function tasks(): Promise<void> {
  for (const row of taskCriteria) {
    const { reached, updates, seconds, score } = await learn(row),
      trouble = !reached ? "  NOT REACHED" : seconds > row.seconds ? "  TOO SLOW" : "";
    if (trouble) process.exitCode = 1;
    console.log(
      `${row.name.padEnd(36)} ${row.measure} ${score.toFixed(4)} (at least ${row.criterion}) after ${updates} updates (at most ${row.updates}), ${seconds.toFixed(1)} s (at most ${row.seconds}), ${((1e3 * seconds) / Math.max(1, updates)).toFixed(1)} ms an update with its checks${trouble}`,
    );
  }
}
