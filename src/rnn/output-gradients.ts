import { fail } from "../base";
import { packPanel, unpackPanel, type Kernels, type Rows } from "../kernels";
import { indexOf, type Params, type Tensor3 } from "../tensor";
import type { Plan } from "./batch";
import { runPanels, type Panel, type Run } from "./engine";
import type { Network } from "./network";

/** What a run leaves in the loss's sight, outputs or the plant's states, into rows of their shape: a forward pass only. */
export function collect(where: string, model: Network, inputs: Tensor3, plan: Plan, into: Rows): void {
  runPanels(where, model, inputs, plan, {
    see({ first, kernels, memory }) {
      if (plan.plant) unpackPanel(into, kernels, memory.plantStates + memory.bodyStep, memory.bodyStep, first);
      else unpackPanel(into, kernels, memory.outputs, memory.outStep, first);
      return false;
    },
  });
}

/** Gradients in the outputs (or the plant's states), written where the backward pass looks for them as the panels come by. */
export function meetGradients(where: string, dOutputs: Rows, { steps, plant }: Plan) {
  let staging = 0;
  const n = dOutputs.shape[2];
  return {
    open({ workspace, lanes }: Kernels) {
      staging = workspace.take(lanes * steps * n * 8);
    },
    meet({ first, count, kernels, memory: { dOutputs: d, dPlantStates, outStep, bodyStep } }: Panel) {
      const { workspace, lanes, bytes } = kernels, to = plant ? dPlantStates + bodyStep : d;
      if (plant) workspace.bytes.fill(0, d, d + steps * outStep);
      if (packPanel(kernels, to, n * 64, dOutputs, first, staging) > 0) {
        const bad = dOutputs.data.findIndex((value: number) => !Number.isFinite(value));
        fail(where, { expected: "finite gradients of the loss in the outputs", got: `${dOutputs.data[bad]} at index [${indexOf(dOutputs.shape, bad).join(", ")}]`, fix: "Mend the loss: a root, a logarithm or a quotient at 0 has no finite derivative." });
      }
      if (count === lanes) return;
      const m = bytes === 4 ? workspace.f32 : workspace.f64; // lanes without a trial repeat the last: they must not count
      for (let row = 0, at = to / bytes; row < steps * n; row++, at += lanes) m.fill(0, at + count, at + lanes);
    },
  };
}

/** The gradients of a run by the names of the model's parameters. */
export function namedGradients<M extends Network>(model: M, { shared, perTrial, x0 }: Run): M["params"] {
  const { left, right, perTrial: factors } = model.connectivity;
  const all: Record<string, Float64Array> = { ...shared, x0, [left]: shared.left, ...(right ? { [right]: shared.right } : {}), ...(factors ? { [factors]: perTrial } : {}) };
  return Object.fromEntries(Object.entries(model.params as Params).flatMap(([name, p]) => (p ? [[name, { shape: p.shape, data: all[name] }]] : []))) as unknown as M["params"];
}
