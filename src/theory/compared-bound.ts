import { fail, isRecord, show } from "../base";
import type { HoldingLearningBound } from "./learning-rank-bound";
import type { RefusedBound } from "./rank-bound";

/** The parts of a bound that are compared with a run. */
export type HoldingComparedBound = Pick<
  HoldingLearningBound,
  "status" | "atMost" | "multilinear" | "units" | "snapshots"
>;
/** As returned by learningRankBound. */
export type ComparedBound = HoldingComparedBound | Pick<RefusedBound, "status" | "because" | "tryInstead">;

/** Refuse a bound that was refused, what is not a bound, and one for another network. */
export function checkBound(
  where: string,
  bound: ComparedBound,
  units: number,
  count: number,
): asserts bound is HoldingComparedBound {
  const given: unknown = bound;
  if (!isRecord(given) || (given.status !== "holds" && given.status !== "refused"))
    fail(where, {
      expected: "a bound as learningRankBound gives it",
      got: show(bound),
      fix: "Pass learningRankBound(setup).",
    });
  if (bound.status === "refused")
    fail(where, { expected: "a bound that holds", got: `a refusal: ${bound.because}`, fix: bound.tryInstead });
  const { atMost, multilinear, snapshots } = bound;
  const whole = [
    atMost,
    snapshots,
    ...(Array.isArray(multilinear) && multilinear.length === 3 ? multilinear : [Number.NaN]),
  ];
  if (!whole.every((n) => Number.isInteger(n) && n >= 0))
    fail(where, {
      expected: "a bound of whole numbers",
      got: show(bound),
      fix: "Pass learningRankBound(setup) unchanged.",
    });
  if (bound.units !== units)
    fail(where, {
      expected: `a bound for ${units} units, as changes`,
      got: `one for ${show(bound.units)}`,
      fix: "Ask learningRankBound for this network.",
    });
  if (count > snapshots + 1)
    fail(where, {
      expected: `at most ${snapshots + 1} snapshots, for a bound over ${snapshots} and the start`,
      got: String(count),
      fix: `Ask learningRankBound with snapshots: ${count}.`,
    });
}
