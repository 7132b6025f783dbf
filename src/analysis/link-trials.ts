import { followPath, type PathEnd, segmentOf } from "./path";
import { type Piecewise, planesAt } from "./piecewise";
import { isSame, type RestPoint } from "./rest-points";

/**
 * How a fixed point is born or dies: "fold", two merge; "infinity", one passes through infinity; "unknown", no path was
 * found.
 */
export type Passage = "fold" | "infinity" | "unknown";

/** The continuation of a fixed point from one trial to the next. */
export interface Continuation {
  /** the fixed point of the other trial that it becomes, or came from */
  readonly to?: number;
  /** the fixed point of the same trial that it merges with in a fold */
  readonly partner?: number;
  /** how it dies or was born, where it has no counterpart in the other trial */
  readonly through?: Passage;
  /** where, from 0 at the first trial to 1 at the second */
  readonly place: number;
  /** number of crossings of kinks on the way */
  readonly borders: number;
}

/** The links between the fixed points of two trials. */
export interface Links {
  readonly forward: readonly Continuation[];
  readonly backward: readonly Continuation[];
}

/** Follow all fixed points of two trials while the weights are interpolated linearly between them. */
export function linkTrials(
  problem: Piecewise,
  maps: readonly [Float64Array, Float64Array],
  first: readonly RestPoint[],
  second: readonly RestPoint[],
): Links {
  const segment = segmentOf(problem, ...maps),
    forward = new Array<Continuation | undefined>(first.length),
    backward = new Array<Continuation | undefined>(second.length);
  const find = (end: RestPoint, points: readonly RestPoint[], except: number, free: readonly unknown[]): number =>
    points.findIndex((point, i) => i !== except && free[i] === undefined && isSame(point, end));
  const link = (i: number, j: number, borders: number) => {
    forward[i] = { to: j, place: 1, borders };
    backward[j] = { to: i, place: 0, borders };
  };
  // one on a border has no unique path: it stays where it is, or is lost
  first.forEach((point, i) => {
    const j = point.on.length > 0 ? find(point, second, -1, backward) : -1;
    if (j >= 0) link(i, j, 0);
  });
  const go = (own: "first" | "second", i: number) => {
    const [points, others, mine, theirs] =
      own === "first" ? [first, second, forward, backward] : [second, first, backward, forward];
    const end: PathEnd = followPath(segment, points[i].sides, own),
      { folds, borders } = end,
      place = folds[0] ?? end.place,
      reached = { z: end.z, sides: end.sides, on: planesAt(problem, end.z) };
    if (end.at === own) {
      const partner = find(reached, points, i, mine);
      if (partner >= 0) {
        mine[partner] = { partner: i, through: "fold", place, borders };
        mine[i] = { partner, through: "fold", place, borders };
        return;
      }
    } else if (end.at !== "lost" && end.at !== "infinity") {
      const j = find(reached, others, -1, theirs);
      if (j >= 0 && folds.length === 0) {
        if (own === "first") link(i, j, borders);
        else link(j, i, borders);
        return;
      }
      if (j >= 0) {
        mine[i] = { through: "fold", place, borders };
        theirs[j] = { through: "fold", place: folds[folds.length - 1], borders };
        return;
      }
    }
    mine[i] = { through: end.at === "infinity" ? "infinity" : "unknown", place, borders };
  };
  for (let i = 0; i < first.length; i++) if (!forward[i]) go("first", i);
  for (let j = 0; j < second.length; j++) if (!backward[j]) go("second", j);
  return { forward: forward as Continuation[], backward: backward as Continuation[] };
}
