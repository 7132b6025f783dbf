import type { LossValues, Overflow, PanelLoss } from "../losses";
import type { NetworkRecord } from "../models";
import type { PanelScan } from "../kernels";
import { zerosFor, type Tensor3 } from "../tensor";
import { isOverflow } from "./overflow";
import type { Plan } from "./plan";
import { runPanels, type Run, type Span } from "./run-panels";

/** What some of the trials add to a loss and its gradients, and the inputs' gradients of those trials alone. */
export interface GradientPart {
  readonly run: Run;
  readonly values: LossValues;
  readonly inputGradients: Tensor3;
  /** the name of the kernels that computed it */
  readonly kernels: string;
}

/** Forward, loss and backward over a span of the trials; `finish` sees each panel at its end. */
export function gradientPart(
  where: string,
  model: NetworkRecord,
  inputs: Tensor3,
  plan: Plan,
  loss: PanelLoss,
  span: Span = [0, plan.trials],
  finish?: (panel: PanelScan) => void,
): GradientPart | Overflow {
  const [begin, end] = span,
    [, steps, external] = inputs.shape,
    inputGradients = zerosFor(where, [end - begin, steps, external]);
  let kernels = "";
  const run = runPanels(
    where,
    model,
    inputs,
    plan,
    {
      masked: loss.masked,
      validated: loss.validated,
      see(panel) {
        kernels = panel.kernels.name;
        return loss.see(panel) ?? "backward";
      },
      finish(panel) {
        panel.read("inputGradients", inputGradients, begin);
        finish?.(panel);
      },
    },
    span,
  );
  return isOverflow(run) ? run : { run, values: withPenalty(loss.read(), run, plan), inputGradients, kernels };
}

/** The loss with what its rates add. */
const withPenalty = (values: LossValues, { penalty }: Run, { ratePenalty }: Plan): LossValues =>
  ratePenalty ? { ...values, loss: values.loss + penalty, penalty } : values;
