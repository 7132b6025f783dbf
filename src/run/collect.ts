import type { Rows } from "../kernels";
import type { Overflow } from "../losses";
import type { Network } from "../models";
import type { Tensor3 } from "../tensor";
import { isOverflow, outputOverflow } from "./overflow";
import type { Plan } from "./plan";
import { runPanels } from "./run-panels";

/** What a backward pass reads, by the first trial of each panel. */
export type Kept = Uint8Array[][];

/**
 * A forward pass: states, or what a loss sees, into rows of their shape. `kept` takes what a later backward pass reads.
 *
 * @returns where a number overflowed, if one did
 */
export function collect(
  where: string,
  model: Network,
  inputs: Tensor3,
  plan: Plan,
  into: Rows,
  array: "states" | "seen" = "seen",
  kept?: Kept,
): Overflow | undefined {
  const run = runPanels(where, model, inputs, plan, {
    see(panel, first) {
      panel.read(array, into);
      if (kept) kept[first] = panel.keep(kept[first]);
      return outputOverflow(panel, first, Math.min(panel.kernels.lanes, plan.trials - first)) ?? "next";
    },
  });
  return isOverflow(run) ? run : undefined;
}
