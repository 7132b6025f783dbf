import { fail, readOptions } from "../base";
import { checkProblem } from "../decompose";
import { checkFactors, checkFinite, type Matrix, type Tensor } from "../tensor";
import { gcpTable, type GcpOptions } from "./gcp-options";
import { gcpProblem } from "./gcp-problem";
import { readGcpLoss } from "./loss-from";

/** A loss of factors and its gradients. */
export interface GcpGradient {
  /** the mean loss of an observed entry, penalties included */
  readonly loss: number;
  /** of that mean, by mode, (size × rank) */
  readonly gradients: readonly Matrix[];
}

const fields = () => {
  const { loss, mask, penalties } = gcpTable();
  return { loss, mask, penalties } as const;
};

/**
 * The loss that {@link gcp} minimizes, and its gradients in all factors; with the `"gaussian"` loss, that of the
 * squared error of a CP model. With it, any optimizer can train a CP model.
 *
 * @param factors - one matrix (size × rank) per mode of x; their model is m
 * @throws {@link LtrnnError} when factors do not fit x, or the loss is not defined for x
 * @remarks O(entries · rank), in one pass over x.
 * @see Hong, Kolda & Duersch (2020), Generalized canonical polyadic tensor decomposition, SIAM Review 62, theorem 3
 * @example gcpGradient(tensor([1, 2], [1, 3]), [tensor([1, 1], [1]), tensor([2, 1], [1, 1])]).gradients[0].data
 * // Float64Array [-2]
 */
export function gcpGradient(
  x: Tensor,
  factors: readonly Matrix[],
  options: Pick<GcpOptions, "loss" | "mask" | "penalties"> = {},
): GcpGradient {
  const where = "gcpGradient",
    { mask, penalties, ...read } = readOptions<
      Pick<GcpOptions, "loss" | "mask" | "penalties">,
      ReturnType<typeof fields>
    >(where, options, fields()),
    loss = readGcpLoss(where, read.loss),
    { ridge = 0, smooth = [] } = penalties;
  checkProblem(where, x, 1, mask);
  checkFactors(where, factors);
  const rank = factors[0].shape[1],
    got = factors.map((f) => f.shape[0]).join(", ");
  if (got !== x.shape.join(", ") || rank === 0)
    fail(where, {
      expected: `factors with ${x.shape.join(", ")} rows and a column or more`,
      got: rank === 0 ? "no columns" : got,
      fix: "Pass one factor per mode, in the order of the modes.",
    });
  for (const [mode, f] of factors.entries()) checkFinite(where, `factor ${mode}`, f);
  const problem = gcpProblem({
      where,
      x,
      mask,
      loss,
      rank,
      penalties: { ridge, smooth: x.shape.map((_, mode) => smooth[mode] ?? 0) },
      boundsOfModes: [],
      again: false,
    }),
    variables = new Float64Array(rank * x.shape.reduce((sum, size) => sum + size, 0));
  for (const [mode, view] of problem.factorsOf(variables).entries()) view.data.set(factors[mode].data);
  const { loss: value, gradient } = problem.evaluate(variables);
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite))
    fail(where, {
      expected: `factors whose model has a finite loss ${loss.name}`,
      got: "one that leaves the range of doubles",
      fix: loss.nonNegative ? "Take factors of at least 0." : "Take smaller factors.",
    });
  return {
    loss: value,
    gradients: problem.factorsOf(gradient).map(({ shape, data }) => ({ shape, data: data.slice() })),
  };
}
