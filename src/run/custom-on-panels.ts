import { fail } from "../base";
import { evaluateCustom, type CustomLoss, type Overflow, type PanelLoss } from "../losses";
import type { Network } from "../models";
import { indexOf, zerosFor } from "../tensor";
import type { Batch } from "./batch";
import { collect } from "./collect";
import { isOverflow } from "./overflow";
import { seenShape, type Plan } from "./plan";
import type { PanelScan, Rows } from "../kernels";

/**
 * A custom loss: it sees the outputs of all trials, which cost a forward pass of their own, before its gradient goes
 * back panel by panel.
 */
export function customOnPanels(
  where: string,
  model: Network,
  batch: Batch,
  plan: Plan,
  custom: CustomLoss,
): PanelLoss | Overflow {
  const outputs = zerosFor(where, seenShape(plan)),
    overflow = collect(where, model, batch.inputs, plan, outputs);
  if (overflow) return overflow;
  const evaluated = evaluateCustom(where, custom, outputs, batch);
  if (isOverflow(evaluated)) return evaluated;
  return {
    masked: false,
    validated: false,
    see(panel) {
      writeGradients(where, panel, evaluated.dOutputs);
      return undefined;
    },
    read: () => evaluated.values,
  };
}

/** Gradients in what a loss sees, written for the backward pass of a panel. */
export function writeGradients(where: string, panel: PanelScan, dSeen: Rows): void {
  if (panel.writeGradients(dSeen)) return;
  const bad = dSeen.data.findIndex((value: number) => !Number.isFinite(value));
  fail(where, {
    expected: "finite gradients of the loss in the outputs",
    got: `${dSeen.data[bad]} at index [${indexOf(dSeen.shape, bad).join(", ")}]`,
    fix: "Fix the loss: a root, a logarithm or a quotient at 0 has no finite derivative.",
  });
}
