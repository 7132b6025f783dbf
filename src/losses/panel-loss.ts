import type { Divergence, Failure } from "../base";
import { compareEntries, type Comparison, type PanelScan } from "../kernels";
import type { Params } from "../tensor";
import type { EntryLoss } from "./loss";
import { refuseNonFinite, type Counts, type Targets } from "./targets";

/** A loss, and what of it only some losses have. */
export interface LossValues {
  readonly loss: number;
  readonly validationLoss?: number;
  /** what of the loss is a penalty of the rates, where there is one */
  readonly penalty?: number;
  /** dL/dp for every parameter of the loss */
  readonly customGradients?: Params;
}

/** Numbers that overflowed, as a value, and as the error that a direct call throws. */
export interface Overflow {
  readonly divergence: Divergence;
  readonly failure: Failure;
}

/** A loss that panels stream through: it writes the derivative of each for the backward pass, and sums. */
export interface PanelLoss {
  readonly masked: boolean;
  readonly validated: boolean;
  /** after the forward pass of a panel; an overflow ends the run */
  see(panel: PanelScan): Overflow | undefined;
  read(): LossValues;
}

/** A loss of entries, as panels stream through it. */
export function panelLoss(
  where: string,
  { targets, mask, validation }: Targets,
  loss: EntryLoss,
  { observed, validated }: Counts,
): PanelLoss {
  const compare = loss.compare ?? ((comparison: Comparison) => compareEntries(comparison, loss.entry));
  if (!targets) throw new Error("a loss of entries has targets: they were counted");
  const { learned } = loss;
  let sum = 0,
    validationSum = 0,
    slopes: Float64Array | undefined;
  return {
    masked: mask !== undefined,
    validated: validation !== undefined,
    see(panel) {
      if (learned) slopes ??= new Float64Array(targets.shape[2]);
      const part = panel.compare({ targets, mask, scale: 1 / observed, slopes, compare });
      if (part === undefined) refuseNonFinite(where, targets, mask);
      if (!Number.isFinite(part)) return lossOverflow("the loss", part);
      sum += part;
      if (!validation) return undefined;
      const held = panel.compare({ targets, mask: validation, compare });
      if (held === undefined) refuseNonFinite(where, targets, validation);
      if (!Number.isFinite(held)) return lossOverflow("the loss over the validation entries", held);
      validationSum += held;
      return undefined;
    },
    read: () => ({
      loss: sum / observed,
      ...(validation ? { validationLoss: validationSum / validated } : {}),
      ...(learned && slopes ? { customGradients: learned.gradients(slopes.map((slope) => slope / observed)) } : {}),
    }),
  };
}

/** What an infinite loss means. */
export function lossOverflow(what: string, value: number, name = ""): Overflow {
  return {
    divergence: { reason: `${what}${name && ` ${name}`} became ${value}` },
    failure: {
      expected: "a finite loss",
      got: `${value}${what === "the loss" ? "" : ` for ${what}`}`,
      fix: name
        ? `Fix the loss ${name}, or take a smaller learning rate if this came up in training.`
        : "Outputs or the plant's state overflowed: use a smaller readout, plant step or learning rate.",
    },
  };
}
