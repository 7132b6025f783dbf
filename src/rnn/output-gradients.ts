import { fail } from "../base";
import { packGradients, unpackPanel, type Rows } from "../kernels";
import { indexOf, type Params, type Tensor3 } from "../tensor";
import type { Plan } from "./batch";
import { runPanels, type Panel, type Run } from "./engine";
import type { Network } from "./network";

/** What a backward pass will read, by the first trial of each panel. */
export type Kept = Uint8Array[][];

/** What a run leaves in the loss's sight, outputs or the plant's states, into rows of their shape: a forward pass only. */
export function collect(
  where: string,
  model: Network,
  inputs: Tensor3,
  plan: Plan,
  into: Rows,
  whole = false,
  kept?: Kept,
): void {
  runPanels(where, model, inputs, plan, {
    see({ first, kernels, memory, keep }) {
      if (whole) unpackPanel(into, kernels, memory.states, memory.unitStep, first);
      else if (plan.plant) unpackPanel(into, kernels, memory.plantStates + memory.bodyStep, memory.bodyStep, first);
      else unpackPanel(into, kernels, memory.outputs, memory.outStep, first);
      if (kept) kept[first] = keep(kept[first]);
      return false;
    },
  });
}

/** Gradients in the outputs (or the plant's states), written where the backward pass looks for them as the panels come by. */
export function meetGradients(where: string, dOutputs: Rows, { steps, plant }: Plan) {
  return {
    open() {},
    meet({ first, kernels, memory: { dOutputs: d, dPlantStates, outStep, bodyStep } }: Panel) {
      if (plant) kernels.workspace.bytes.fill(0, d, d + steps * outStep);
      if (packGradients(kernels, plant ? dPlantStates + bodyStep : d, dOutputs.shape[2] * 64, dOutputs, first)) return;
      const bad = dOutputs.data.findIndex((value: number) => !Number.isFinite(value));
      fail(where, {
        expected: "finite gradients of the loss in the outputs",
        got: `${dOutputs.data[bad]} at index [${indexOf(dOutputs.shape, bad).join(", ")}]`,
        fix: "Mend the loss: a root, a logarithm or a quotient at 0 has no finite derivative.",
      });
    },
  };
}

/** The gradients of a run by the names of the model's parameters. */
export function namedGradients<M extends Network>(model: M, { shared, perTrial, x0 }: Run): M["params"] {
  const { left, right, perTrial: factors } = model.connectivity;
  const all: Record<string, Float64Array> = {
    ...shared,
    x0,
    [left]: shared.left,
    ...(right ? { [right]: shared.right } : {}),
    ...(factors ? { [factors]: perTrial } : {}),
  };
  return Object.fromEntries(
    Object.entries(model.params as Params).flatMap(([name, p]) =>
      p ? [[name, { shape: p.shape, data: all[name] }]] : [],
    ),
  ) as unknown as M["params"];
}
