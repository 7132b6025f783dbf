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

export async function row({ work, target, rounds, flops, peak, agreement }: Row, ours: () => Promise<{ readonly ms: number; readonly value: number }>, peer?: Peer): Promise<void> {
  const mine: number[] = [], theirs: number[] = [];
  let trouble = "";
  for (let round = -1; round < rounds; round++) {
    const a = await ours(), b = await peer?.run();
    if (round < 0) { // the first warms up, and shows that both do the same work
      if (b && agreement !== undefined && Math.abs(a.value - b.value) > agreement * Math.abs(b.value)) trouble = `  NOT THE SAME WORK: ${a.value} and ${b.value}`;
      continue;
    }
    mine.push(a.ms);
    if (b) theirs.push(b.ms);
  }
  const ms = median(mine), share = `${((100 * flops) / (ms / 1e3) / peak).toFixed(0)} % of peak`;
  const beside = theirs.length > 0 ? `peer ${median(theirs).toFixed(1)} ms, ratio ${(ms / median(theirs)).toFixed(2)}${target === undefined ? "" : ` (at most ${target})`}` : "peer not found";
  console.log(`${work.padEnd(58)} ours ${ms.toFixed(1).padStart(7)} ms, ${beside}; ${share}${trouble}`);
}
