import { isCustom, panelLoss, type Counts, type EntryLoss, type Overflow, type PanelLoss } from "../losses";
import type { Network } from "../models";
import type { Batch } from "./batch";
import { customOnPanels } from "./custom-on-panels";
import { resultOf, type LossAndGradient } from "./gradient";
import { gradientPart } from "./gradient-part";
import { isOverflow, orThrow } from "./overflow";
import { planGradient, type GradientPlan, type LossOptions } from "./plan-gradient";

/**
 * The loss over the observed entries, by default `L = 1/2 mean (y - target)²`, and its exact gradient in every
 * parameter, by the fused adjoint of the scan.
 *
 * With a plant, the loss is on the plant's states s_1 .. s_T, and the gradient flows through it.
 *
 * @throws {@link LtrnnError} when shapes disagree, nothing is observed, an observed target is not finite, or the run
 * diverges (trial and step are named)
 * @remarks About three times the cost of {@link simulate}; memory beyond parameters, data and the inputs' gradients
 * does not grow with the number of trials: outputs are never stored.
 * @see Pearlmutter (1995), Gradient calculations for dynamic recurrent neural networks, IEEE Trans. Neural Networks
 * 6: the adjoint recursion
 * @example lossAndGradient(FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1), { inputs: zeros([3, 20, 1]),
 * targets: zeros([3, 20, 2]) }).gradients.w.shape // [9, 9]
 */
export function lossAndGradient<M extends Network>(model: M, batch: Batch, options?: LossOptions): LossAndGradient<M> {
  return orThrow("lossAndGradient", evaluateGradient("lossAndGradient", model, batch, options));
}

/**
 * {@link lossAndGradient} for the public function `where`, with a divergence as a value; `counted` as in
 * {@link planGradient}.
 */
export function evaluateGradient<M extends Network>(
  where: string,
  model: M,
  batch: Batch,
  options?: LossOptions,
  counted?: Counts,
): LossAndGradient<M> | Overflow {
  const gradientPlan = planGradient(where, model, batch, options, counted),
    loss = lossOnPanels(where, model, gradientPlan);
  if (isOverflow(loss)) return loss;
  const part = gradientPart(where, model, gradientPlan.batch.inputs, gradientPlan.plan, loss);
  return isOverflow(part) ? part : resultOf(where, model, gradientPlan, part);
}

/** A loss ready to see panels; of a custom one, after a forward pass of its own. */
export function lossOnPanels(
  where: string,
  model: Network,
  { batch, plan, loss, counts }: GradientPlan,
): PanelLoss | Overflow {
  if (isCustom(loss)) return customOnPanels(where, model, batch, plan, loss);
  return panelLoss(where, batch, loss as EntryLoss, counts as Counts);
}

/** Refuse what {@link lossAndGradient} would, before anything is computed. */
export function checkGradientCall(where: string, model: Network, batch: Batch, options?: LossOptions): void {
  planGradient(where, model, batch, options);
}
