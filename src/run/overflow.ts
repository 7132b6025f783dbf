import { fail } from "../base";
import type { NonFinite, PanelScan } from "../kernels";
import type { Overflow } from "../losses";
import type { Plan } from "./plan";

/** The first state of the network, or of the plant, that overflowed in a panel. */
export function overflowIn(panel: PanelScan, { plant, dt }: Plan, first: number, lanes: number): Overflow | undefined {
  const state = panel.firstNonFinite("states", lanes);
  if (state)
    return overflowAt(state, first, {
      array: "states",
      row: `unit ${state.row}`,
      reason: `the state of unit ${state.row}`,
      fix: `Take a smaller dt (now ${dt}), weaker weights, or a smaller learning rate if this came up in training.`,
    });
  const found = plant && panel.firstNonFinite("plantStates", lanes);
  if (!found) return undefined;
  return overflowAt(found, first, {
    array: "states of the plant",
    row: `entry ${found.row}`,
    reason: `entry ${found.row} of the plant's state`,
    fix: "Let init and step write every entry; take smaller steps or weaker outputs if it overflowed.",
  });
}

/** An output that overflowed although the states did not. */
export function outputOverflow(panel: PanelScan, first: number, lanes: number): Overflow | undefined {
  const output = panel.firstNonFinite("outputs", lanes);
  if (!output) return undefined;
  return overflowAt({ ...output, step: output.step + 1 }, first, {
    array: "outputs",
    row: `output ${output.row}`,
    reason: `output ${output.row}`,
    fix: "Take a smaller readout.",
  });
}

function overflowAt(
  { lane, step, value }: NonFinite,
  first: number,
  { array, row, reason, fix }: Readonly<Record<"array" | "row" | "reason" | "fix", string>>,
): Overflow {
  const trial = first + lane;
  return {
    divergence: { trial, step, reason: `${reason} became ${value}` },
    failure: { expected: `${array} that stay finite`, got: `${value} in trial ${trial} at step ${step}, ${row}`, fix },
  };
}

export const isOverflow = (result: object): result is Overflow => "divergence" in result;

/** For functions that have no other place for a divergence than an error. */
export function orThrow<T extends object>(where: string, result: T | Overflow): T {
  if (isOverflow(result)) fail(where, { ...result.failure, divergence: result.divergence });
  return result as T;
}
