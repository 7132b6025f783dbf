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

/** @param peers - the first is what the target is about; others are printed beside it */
export async function row({ work, target, rounds, flops, peak, agreement }: Row, ours: () => Promise<{ readonly ms: number; readonly value: number }>, ...peers: (Peer | undefined)[]): Promise<void> {
  const mine: number[] = [], theirs: number[][] = peers.map(() => []);
  let trouble = "";
  for (let round = -1; round < rounds; round++) {
    const a = await ours();
    if (round >= 0) mine.push(a.ms);
    for (const [i, peer] of peers.entries()) {
      const b = await peer?.run();
      if (!b) continue;
      if (round >= 0) theirs[i].push(b.ms);
      else if (agreement !== undefined && Math.abs(a.value - b.value) > agreement * Math.abs(b.value)) trouble = `  NOT THE SAME WORK: ${a.value} and ${b.value}`; // the first round warms up, and shows that both do the same
    }
  }
  const ms = median(mine), share = `${((100 * flops) / (ms / 1e3) / peak).toFixed(0)} % of peak`;
  const beside = theirs.map((times, i) => {
    const name = peers[i]?.threads === 1 ? "peer" : `peer on ${peers[i]?.threads} threads`;
    return times.length > 0 ? `${name} ${median(times).toFixed(1)} ms, ratio ${(ms / median(times)).toFixed(2)}${target === undefined || i > 0 ? "" : ` (at most ${target})`}` : "peer not found";
  });
  console.log(`${work.padEnd(68)} ours ${ms.toFixed(1).padStart(7)} ms, ${beside.join("; ")}; ${share}${trouble}`);
}
