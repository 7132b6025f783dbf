import { readOptions, type FieldsOf } from "../base";
import { gram, largestOf } from "../tensor";
import { unitForm } from "./canonical";
import { congruencesOf } from "./congruence-matrix";
import { checkCp, type Cp } from "./cp";
import { gramOfOthers, weightsInLast } from "./cp-products";
import { rescaled, unitOf } from "./units";

/** Whether components of a model diverge and cancel. */
export interface Degeneracy {
  readonly status: "degenerate" | "none";
  /** pairs of components that point against each other, most opposed first */
  readonly pairs: readonly { readonly components: readonly [number, number]; readonly congruence: number }[];
  readonly because: string;
}

export interface DegeneracyOptions {
  /** congruences at or below this are suspicious; default -0.85 */
  readonly threshold?: number;
}

const degeneracyFields = {
  threshold: { is: "number", above: -1, below: 0, fallback: -0.85 },
} as const satisfies FieldsOf<DegeneracyOptions>;

/**
 * A warning of degeneracy: two components whose congruence is near -1 and which are each larger than the sum of all, so
 * that they cancel. A tensor can have a best approximation by such pairs only in the limit of infinite size.
 *
 * @throws {@link LtrnnError} when weights and factors disagree, or the threshold is not in (-1, 0)
 * @see Krijnen, Dijkstra & Stegeman (2008), On the non-existence of optimal solutions and the occurrence of
 * "degeneracy" in the CANDECOMP/PARAFAC model, Psychometrika 73
 * @example cpDegeneracy({ weights: tensor([2], [9, 9]), factors: [tensor([2, 2], [1, -1, 0, 0.1]), tensor([1, 2], [1,
 * 1])] }).status // "degenerate"
 */
export function cpDegeneracy(cp: Cp, options: DegeneracyOptions = {}): Degeneracy {
  const { threshold } = readOptions("cpDegeneracy", options, degeneracyFields);
  checkCp("cpDegeneracy", cp);
  const congruence = congruencesOf(cp),
    rank = cp.weights.shape[0],
    { weights, factors } = unitForm("cpDegeneracy", cp),
    largest = unitOf(largestOf(weights.data));
  const overlaps = gramOfOthers(
    weightsInLast("cpDegeneracy", { weights: rescaled(weights, -largest), factors }).map(gram),
    -1,
  ).data;
  let whole = 0;
  for (let i = 0; i < overlaps.length; i++) whole += overlaps[i];
  const pairs: { components: readonly [number, number]; congruence: number }[] = [];
  for (let r = 0; r < rank; r++)
    for (let s = r + 1; s < rank; s++) {
      const c = congruence.data[r * rank + s];
      if (c <= threshold && Math.min(overlaps[r * rank + r], overlaps[s * rank + s]) > whole)
        pairs.push({ components: [r, s], congruence: c });
    }
  pairs.sort((p, q) => p.congruence - q.congruence);
  return pairs.length > 0
    ? { status: "degenerate", pairs, because: cancellation(pairs[0]) }
    : {
        status: "none",
        pairs,
        because: `no two components with a congruence of at most ${threshold} are larger than the whole model`,
      };
}

function cancellation({ components, congruence }: Degeneracy["pairs"][number]): string {
  const pair = `components ${components.join(" and ")} have a congruence of ${congruence.toFixed(3)}`;
  return (
    `${pair} and are each larger than the whole model: they cancel. ` +
    "Lower the rank, add a ridge, or ask for non-negative or orthogonal factors."
  );
}

/** Components cancel where the sum of their squared norms is more than this times the squared norm of their sum. */
const cancelling = 100;

/**
 * Whether components cancel: the root of the sum of their squared norms is more than ten times the norm of their sum.
 */
export function cancels(cp: Cp): boolean {
  const rank = cp.weights.shape[0],
    overlaps = gramOfOthers(weightsInLast("cpAls", cp).map(gram), -1).data;
  const whole = overlaps.reduce((sum, g) => sum + g, 0),
    parts = overlaps.reduce((sum, g, i) => (i % (rank + 1) === 0 ? sum + g : sum), 0);
  return parts > cancelling * whole;
}
