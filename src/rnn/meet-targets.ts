import { fail, log } from "../base";
import { packPanel, type Kernels } from "../kernels";
import { indexOf, sizeOf, type Params, type Tensor3 } from "../tensor";
import { checkBatch, type Batch, type Plan } from "./batch";
import type { Panel } from "./engine";
import type { ShippedLoss } from "./loss";

/** What a loss does as the panels come by: take memory, write its derivative where the backward pass looks for it, and tell the sum at the end. */
export interface Meeting {
  open(kernels: Kernels): void;
  meet(panel: Panel): void;
  read(): { readonly loss: number; readonly heldOutLoss?: number; readonly ownGradients?: Params };
}

/** How many entries a loss, and the loss over those held out, are means over. */
export interface Counts {
  readonly observed: number;
  readonly validated: number;
}

/** Refuse targets that do not fit the run or the loss, and count them. */
export function countTargets(where: string, batch: Batch, plan: Plan, loss: ShippedLoss): Counts {
  const { mask, heldOut } = batch,
    targets = checkBatch(where, batch, plan);
  const observed = mask ? countOnes(mask.data) : sizeOf(targets.shape),
    validated = heldOut ? countOnes(heldOut.data) : 0;
  if (observed === 0)
    fail(where, {
      expected: "at least one observed entry in the targets",
      got: "a mask of zeros",
      fix: "Set the mask to 1 where targets are to be learned.",
    });
  if (heldOut && validated === 0)
    fail(where, {
      expected: "at least one entry held out",
      got: "a mask of zeros",
      fix: "Leave heldOut away, or set it to 1 somewhere.",
    });
  if (loss.kind === "poisson") refuseNegative(where, targets, mask);
  return { observed, validated };
}

/** Targets, counted before, as the panels come by: the loss of each, its derivative written where the backward pass looks for it, and the sum at the end. */
export function meetTargets(
  where: string,
  { targets: given, mask, heldOut }: Batch,
  { steps, plant }: Plan,
  loss: ShippedLoss,
  { observed, validated }: Counts,
): Meeting {
  const targets = given!,
    n = targets.shape[2];
  let staging = 0,
    unseen = 0,
    sum = 0,
    heldOutSum = 0;
  /** The loss of one panel against the targets under a mask; the targets are laid where the derivative goes, which takes their place. */
  const against = ({ first, kernels, memory }: Panel, under: Tensor3 | undefined, d: number, scale: number): number => {
    if (packPanel(kernels, d, n * 64, targets, first, staging, { mask: under, missing: true }) > 0)
      refuse(where, targets, under);
    const y = plant ? memory.plantStates + memory.bodyStep : memory.outputs,
      rows = steps * n;
    if (loss.kind === "meanSquaredError") return kernels.squaredError(d, y, d, rows, scale) / 2;
    return kernels.poisson(d, y, d, rows, scale, loss.binWidth, log(loss.binWidth), loss.link === "exp" ? 1 : 0);
  };
  return {
    open({ workspace, lanes }: Kernels) {
      const size = lanes * steps * n * 8;
      staging = workspace.take(mask || heldOut ? 2 * size : size);
      if (heldOut) unseen = workspace.take(steps * n * 64);
    },
    meet(panel: Panel) {
      const {
        memory: { dOutputs, dPlantStates, outStep, bodyStep },
        kernels: { workspace },
      } = panel;
      if (plant) workspace.bytes.fill(0, dOutputs, dOutputs + steps * outStep);
      const part = against(panel, mask, plant ? dPlantStates + bodyStep : dOutputs, 1 / observed); // s_0 comes before s_1
      if (!Number.isFinite(part))
        fail(where, {
          expected: "a finite loss",
          got: String(part),
          fix: "Outputs or the plant's state overflowed: use a smaller readout, plant step or learning rate.",
          divergence: { reason: `the loss became ${part}` },
        });
      sum += part;
      if (heldOut) heldOutSum += against(panel, heldOut, unseen, 0);
    },
    read: () => ({ loss: sum / observed, ...(heldOut ? { heldOutLoss: heldOutSum / validated } : {}) }),
  };
}

function countOnes(mask: Float64Array): number {
  let count = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at] !== 0) count++;
  return count;
}

function refuseNegative(where: string, { data, shape }: Tensor3, mask: Tensor3 | undefined): void {
  for (let at = 0; at < data.length; at++)
    if (data[at] < 0 && !(mask && mask.data[at] === 0))
      fail(where, {
        expected: "counts of at least 0 where they are observed",
        got: `${data[at]} at index [${indexOf(shape, at).join(", ")}]`,
        fix: "Hand a Poisson loss spike counts, not rates less their mean.",
      });
}

function refuse(where: string, targets: Tensor3, mask: Tensor3 | undefined): never {
  const bad = targets.data.findIndex((target, at) => !Number.isFinite(target) && !(mask && mask.data[at] === 0));
  fail(where, {
    expected: "finite targets where they are observed",
    got: `${targets.data[bad]} at index [${indexOf(targets.shape, bad).join(", ")}]`,
    fix: "Set the mask to 0 where a target is missing.",
  });
}
