import { square, type Raced, type Status } from "../base";
import { uprightModes, type CpConstraint } from "../decompose";
import { cancels, canonicalForm, cpOf, type Cp } from "../factored";
import type { Matrix } from "../tensor";
import type { CoupledPlan } from "./coupled-plan";
import { flat } from "./coupled-problem";
import type { CoupledCpResult } from "./coupled-result";
import type { Runner } from "./coupled-runner";

/**
 * Unit columns, components sorted by their squared weights, the largest entry of a shared column positive, unless a
 * constraint depends on signs.
 */
export function resultOf(
  plan: CoupledPlan,
  runner: Runner,
  runners: readonly Runner[],
  stage: Raced<Runner>["stage"],
): CoupledCpResult {
  const { factors } = runner.model,
    { where, rank, shared, units } = plan,
    common = factors[0][factors[0].length - 1],
    [size] = common.shape;
  const lengths = new Float64Array(rank),
    largest = new Float64Array(rank);
  common.data.forEach((value, i) => {
    lengths[i % rank] += value * value;
    if (Math.abs(value) > Math.abs(largest[i % rank])) largest[i % rank] = value;
  });
  const keeps = (constraint: CpConstraint | undefined) => uprightModes([constraint]).length > 0,
    stays = keeps(plan.constraints.shared) || keeps(plan.constraints.own),
    scales = lengths.map((squares, r) => Math.sqrt(squares) * (largest[r] < 0 && !stays ? -1 : 1)),
    unit: Matrix = { shape: [size, rank], data: common.data.map((value, i) => value / (scales[i % rank] || 1)) };
  const models = factors.map((list, i) => {
    const own = [...list.slice(0, -1)],
      ordered = [...own.slice(0, shared[i]), unit, ...own.slice(shared[i])],
      upright = keeps(plan.constraints.own) ? [...ordered.keys()] : [];
    return canonicalForm(where, cpOf(ordered, scales), [shared[i]], new Array<number>(rank).fill(units[i]), upright);
  });
  const sizes = scales.map((_, r) =>
      models.reduce(
        (sum, { weights }, i) => sum + plan.data[i].weight * square(weights.data[r] / (plan.norms[i] || 1)),
        0,
      ),
    ),
    order = Array.from(sizes, (_, r) => r).sort((r, s) => sizes[s] - sizes[r]),
    sort = (f: Matrix): Matrix => ({
      shape: f.shape,
      data: f.data.map((_, i) => f.data[i - (i % rank) + order[i % rank]]),
    });
  const sorted = sort(unit),
    cancelling = models.some((model: Cp) => cancels(model)),
    status: Status =
      stage !== "ended"
        ? "running"
        : runner.singular || cancelling
          ? "degenerate"
          : runner.done
            ? "converged"
            : "exhausted";
  return {
    shared: sorted,
    models: models.map(({ weights, factors: list }, i) => ({
      weights: { shape: weights.shape, data: Float64Array.from(order, (r) => weights.data[r]) },
      factors: list.map((f, mode) => (mode === shared[i] ? sorted : sort(f))),
    })),
    relativeError: runner.score,
    errors: runner.errors,
    trace: [...runner.trace],
    sweeps: runner.trace.length,
    stage: stage === "start" ? "start" : "sweeps",
    status,
    starts: runners.length > 1 ? runners.map(({ score }) => score) : [],
    raw: flat(runner.model),
    extrapolation: { ...runner.memory, of: plan.norms },
    provenance: plan.provenance,
  };
}
