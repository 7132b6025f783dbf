/** One line of the table: rounds alternate between the two sides, so that a machine that slows down slows both. */
import { median } from "./median";
import type { Peer } from "./peer";

export interface Row {
  readonly work: string;
  /** at most so much of the peer's time; absent: no target */
  readonly target?: number;
  readonly rounds: number;
  /**
   * floating-point operations of a run that products make, and what the machine does at most, both in units of 1e9 (a
   * second)
   */
  readonly flops: number;
  readonly peak: number;
  /** how far apart the two losses of the first run may be, relatively; absent: they differ by what they compute */
  readonly agreement?: number;
  /**
   * runs of a side before the other has its turn, as work comes: caches and cores are then those of the side that
   * runs; default 1
   */
  readonly inARow?: number;
}

export type Side = () => Promise<{ readonly ms: number; readonly value: number }>;

/**
 * @param more - started after the rounds, and printed beside: a peer on several threads, which spin when they have
 * nothing to do
 */
export async function row(
  { work, target, rounds, flops, peak, agreement, inARow = 1 }: Row,
  ours: Side,
  peer?: Pick<Peer, "run">,
  more?: () => Promise<Peer | undefined>,
): Promise<void> {
  const mine: number[] = [],
    theirs: number[] = [],
    others: number[] = [];
  let trouble = "",
    warm = 0; // ours has run so long: the engine's second compiler is done by then, in every thread
  while (mine.length < inARow * rounds) {
    const a: Awaited<ReturnType<Side>>[] = [],
      b: typeof a = [];
    while (a.length < inARow) a.push(await ours());
    while (peer && b.length < inARow) b.push(await peer.run());
    if (agreement !== undefined)
      b.forEach(({ value }, i) => {
        if (Math.abs(a[i].value - value) > agreement * Math.abs(value))
          trouble = `  NOT THE SAME WORK: ${a[i].value} and ${value}`;
      });
    if (warm >= 600 * inARow) {
      mine.push(...a.map(({ ms }) => ms));
      theirs.push(...b.map(({ ms }) => ms));
    } else for (const { ms } of a) warm += ms;
  }
  const other = await more?.();
  while (other && others.length < rounds) others.push((await other.run()).ms);
  other?.stop();
  const ms = median(mine),
    share = `${((100 * flops) / (ms / 1e3) / peak).toFixed(0)} % of peak`,
    ratio = (times: number[]) => (ms / median(times)).toFixed(2);
  const beside =
    theirs.length > 0
      ? `peer ${median(theirs).toFixed(1)} ms, ratio ` +
        `${ratio(theirs)}${target === undefined ? "" : ` (at most ${target})`}`
      : "peer not found";
  const further =
    others.length > 0
      ? `; peer on ${other!.threads} threads ${median(others).toFixed(1)} ms, ratio ${ratio(others)}`
      : "";
  console.log(`${work.padEnd(68)} ours ${ms.toFixed(1).padStart(7)} ms, ${beside}${further}; ${share}${trouble}`);
}
