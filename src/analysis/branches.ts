import type { FixedPoint, Stability } from "./fixed-point";
import type { Continuation, Links, Passage } from "./link-trials";

/** One fixed point from its birth to its death. Plain data. */
export interface FixedPointBranch {
  /** the index, in the trials that were followed, of the first at which it exists */
  readonly first: number;
  /** and of the last */
  readonly last: number;
  /** the fixed point at each of them */
  readonly points: readonly FixedPoint[];
}

interface At {
  /** the index, in the trials that were followed, of the first one after it */
  readonly index: number;
  /** that trial */
  readonly trial: number;
  /** the branch that the event belongs to */
  readonly branch: number;
}

/** A fixed point is born or dies. */
export interface BirthOrDeath extends At {
  readonly kind: "birth" | "death";
  /**
   * "fold": two merge; "infinity": one passes through infinity; "unknown": no path was found, such as from the kink of
   * a unit
   */
  readonly through: Passage;
  /** the branch that is born or dies together with it, where that is known */
  readonly partner?: number;
  /** when it happens between the trial before (0) and this one (1) */
  readonly place: number;
}

/** The stability of a fixed point changes, or its number of growing directions. */
export interface StabilityChange extends At {
  readonly kind: "stability";
  readonly from: Stability;
  readonly to: Stability;
  /** growing directions before and after */
  readonly unstable: readonly [before: number, after: number];
  /**
   * a "complex pair" of eigenvalues crosses the imaginary axis (Hopf), or units cross their kink on the way ("border")
   */
  readonly through: "complex pair" | "border";
}

export type FixedPointEvent = BirthOrDeath | StabilityChange;

/** Branches, and what happens to them, from the fixed points of every trial and how they are linked. */
export function branchesOf(
  trials: readonly number[],
  points: readonly (readonly FixedPoint[])[],
  links: readonly Links[],
): { readonly branches: FixedPointBranch[]; readonly events: FixedPointEvent[] } {
  const branches: { first: number; last: number; points: FixedPoint[] }[] = [],
    events: FixedPointEvent[] = [];
  const begin = (first: number, point: FixedPoint) => branches.push({ first, last: first, points: [point] }) - 1;
  let current = (points[0] ?? []).map((point) => begin(0, point));
  links.forEach(({ forward, backward }, k) => {
    const index = k + 1,
      trial = trials[index],
      at = (branch: number) => ({ index, trial, branch });
    const passing = (kind: "birth" | "death", branch: number, one: Continuation, own: readonly number[]) => {
      const { through = "unknown", partner, place } = one;
      events.push({
        kind,
        ...at(branch),
        through,
        ...(partner === undefined ? {} : { partner: own[partner] }),
        place,
      });
    };
    const next = points[index].map((point, j) => {
      const { to } = backward[j];
      if (to === undefined) return begin(index, point);
      const branch = branches[current[to]];
      branch.last = index;
      branch.points.push(point);
      return current[to];
    });
    forward.forEach((one, i) => {
      if (one.to === undefined) passing("death", current[i], one, current);
    });
    backward.forEach((one, j) => {
      if (one.to === undefined) {
        passing("birth", next[j], one, next);
        return;
      }
      const before = points[k][one.to],
        after = points[index][j];
      if (before.stability !== after.stability || before.unstable !== after.unstable)
        events.push({
          kind: "stability",
          ...at(next[j]),
          from: before.stability,
          to: after.stability,
          unstable: [before.unstable, after.unstable],
          through: one.borders === 0 ? "complex pair" : "border",
        });
    });
    current = next;
  });
  return { branches, events };
}
