import {
  add,
  customGrad,
  relu,
  reshape,
  slice,
  softplus,
  tanh,
  tidy,
  transpose,
  type Tensor as TfjsTensor,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { fail } from "../base";
import {
  collect,
  meetGradients,
  namedGradients,
  planRun,
  runPanels,
  type Kept,
  type Network,
  type Panel,
  type RunOptions,
} from "../rnn";
import { unpackPanel, type Activation, type Rows } from "../kernels";
import { indexOf, zeros, type Params, type Shape, type Tensor3 } from "../tensor";
import type { Trainable } from "../train";
import { checkBackend, copiesAtOnce, isTfjs, readTfjs, writeTfjs } from "./convert";
import { linear } from "./linear";

/** tfjs tensors or variables by the names of a model's parameters; those that are not given stay as they are in the model. */
export type TfjsParams = Readonly<Record<string, TfjsTensor>>;

/** How to run the network. States are computed in float32, as all of tfjs is, unless told. */
export type OpOptions = Omit<RunOptions, "plant">;

/** A network as differentiable operations. Inputs are (trials × time × inputs), of tfjs or, as constants, ours. */
export interface NetworkOp {
  /** (trials × time × outputs), at x_1 .. x_T */
  outputs(params: TfjsParams, inputs: TfjsTensor | Tensor3): Tensor3D;
  /** phi(x) at x_1 .. x_T (trials × time × units) */
  rates(params: TfjsParams, inputs: TfjsTensor | Tensor3): Tensor3D;
  /** (trials × (time + 1) × units), x_0 first */
  states(params: TfjsParams, inputs: TfjsTensor | Tensor3): Tensor3D;
  /** all three of one pass: states by the scan, rates and outputs from them by tfjs operations */
  all(
    params: TfjsParams,
    inputs: TfjsTensor | Tensor3,
  ): { readonly states: Tensor3D; readonly rates: Tensor3D; readonly outputs: Tensor3D };
}

/** Buffers that a gradient has done with. */
type Spare = { readonly kept: Kept; readonly y?: Float32Array };
type What = "outputs" | "rates" | "states";

/**
 * A network as an operation of tfjs, whose gradient in every parameter and in the inputs is the scan's own adjoint: for any tfjs optimizer, loss and head.
 * Which parameters train is which you hand it.
 *
 * @param options - as for `simulate`, but for a plant
 * @throws LtrnnError when a plant is asked for; and the operations, when parameters or inputs do not fit the model, a state stops being finite, or no backend is ready
 * @remarks What the gradient needs is kept, about as much as all rates. The gradient has none of its own. Numbers go from the backend to the scan and back at once, so
 * the backend must give its data synchronously: cpu, wasm and webgl do. A loss on several of the three costs least through `all`, a loss on one through that one.
 * @see Pearlmutter (1995), Gradient calculations for dynamic recurrent neural networks, IEEE Trans. Neural Networks 6: the adjoint recursion
 * @example networkOp(FullRankRNN.random({ units: 5, inputs: 1, outputs: 2 }, 1), { dt: 0.1 }).outputs({}, zeros([3, 7, 1])).shape // [3, 7, 2]
 */
export function networkOp(model: Trainable, options: OpOptions = {}): NetworkOp {
  if ((options as RunOptions).plant)
    fail("networkOp", {
      expected: "no plant",
      got: "one",
      fix: "Hand the plant to networkObjective with a loss from tfjsLoss, or step the body in tfjs operations yourself.",
    });
  const spare: Spare[] = []; // buffers that wait for the next run
  const run = (what: What) => (params: TfjsParams, inputs: TfjsTensor | Tensor3) =>
    differentiable(model, what, params, inputs, options, spare);
  const states = run("states");
  return {
    states,
    rates: run("rates"),
    outputs: run("outputs"),
    all: (params, inputs) =>
      tidy(() => {
        const x = states(params, inputs),
          [trials, after, units] = x.shape;
        const later = slice(x, [0, 1, 0], [trials, after - 1, units]),
          rates = activate(later, model.setting.phi);
        const of = (name: string) => params[name] ?? (model.params[name] && writeTfjs(model.params[name]));
        const c = of("readout"),
          d = of("readoutBias"),
          read = model.setting.reads === "rates" ? rates : later;
        return { states: x, rates, outputs: c ? linear(read, transpose(c), d) : d ? add(read, d) : read };
      }),
  };
}

function activate(x: Tensor3D, phi: Activation): Tensor3D {
  return phi === "tanh" ? tanh(x) : phi === "relu" ? relu(x) : phi === "softplus" ? softplus(x) : reshape(x, x.shape);
}

/** One operation: the scan forward, and its adjoint as the gradient. */
function differentiable(
  model: Trainable,
  what: What,
  params: TfjsParams,
  inputs: TfjsTensor | Tensor3,
  options: OpOptions,
  spare: Spare[],
): Tensor3D {
  const where = `networkOp.${what}`,
    names = Object.keys(params),
    driven = isTfjs(inputs);
  checkBackend(where);
  for (const name of names) {
    if (!model.params[name])
      fail(where, {
        expected: `parameters of the model: ${Object.keys(model.params).join(", ")}`,
        got: name,
        fix: "Hand it some of the model's own parameters.",
      });
    if (!isTfjs(params[name]))
      fail(where, {
        expected: `${name} to be a tfjs tensor or variable`,
        got: typeof params[name],
        fix: "Make one with toTfjs, or all with variablesOf.",
      });
  }
  const op = customGrad((...given) => {
    const values: Params = Object.fromEntries(names.map((name, i) => [name, readTfjs(where, given[i] as TfjsTensor)]));
    const u = driven ? readTfjs<Tensor3["shape"]>(where, given[names.length] as TfjsTensor) : inputs;
    const now = seenAs(model.with({ params: values }), what),
      plan = planRun(where, now, u, { precision: "float32", ...options });
    const { trials, steps, outputs, startOf } = plan,
      first = what === "states" ? 1 : 0; // x_0 comes with the states
    const { kept: old = [], y: array } = spare.pop() ?? {},
      size = trials * (steps + first) * outputs;
    const y: Rows = {
      shape: [trials, steps + first, outputs],
      data: array?.length === size ? array : new Float32Array(size),
    };
    let kept: Kept | undefined = old;
    collect(where, now, u, plan, y, what === "states", kept);
    const copies = copiesAtOnce();
    return {
      value: writeTfjs(y),
      gradFunc: (dy: TfjsTensor) => {
        const d = { shape: y.shape, data: dy.dataSync() as Float32Array },
          late = first ? withoutFirst(d) : d;
        const inputGradients = zeros(u.shape),
          { open, meet } = meetGradients(where, late, plan);
        const run = runPanels(where, now, u, plan, {
          open,
          ...(kept ? { recall: (trial: number) => kept![trial] } : {}), // asked a second time, it runs forward again
          see(panel: Panel) {
            meet(panel);
            return true;
          },
          done: ({ first: trial, kernels, memory }) =>
            driven && unpackPanel(inputGradients, kernels, memory.dSources + memory.source * 64, memory.zStep, trial),
        });
        if (kept) spare.push({ kept, ...(copies ? { y: y.data as Float32Array } : {}) });
        kept = undefined;
        if (first)
          for (let k = 0; k < trials; k++)
            for (let i = 0, at = k * (steps + 1) * outputs; i < outputs; i++, at++)
              run.x0[startOf[k] * outputs + i] += d.data[at];
        const gradients = namedGradients(now, run) as Params;
        return [
          ...names.map((name) => finite(where, name, gradients[name] ?? zeros(values[name]!.shape))),
          ...(driven ? [finite(where, "inputs", inputGradients)] : []),
        ];
      },
    };
  });
  return op(...names.map((name) => params[name]), ...(driven ? [inputs] : [])) as Tensor3D;
}

/** The same network, whose outputs are what is asked for. */
function seenAs(model: Network, what: What): Network {
  if (what === "outputs") return model;
  const { readout: _, readoutBias: __, ...params } = model.params;
  const { units, connectivity, trials } = model;
  return {
    params,
    setting: { ...model.setting, reads: what },
    units,
    connectivity,
    trials,
    weights: (trial) => model.weights(trial),
  };
}

/** Rows 1 .. T of each trial's 0 .. T. */
function withoutFirst({
  shape: [trials, after, n],
  data,
}: {
  readonly shape: Tensor3["shape"];
  readonly data: Float32Array;
}): Rows {
  const size = (after - 1) * n,
    out = new Float32Array(trials * size);
  for (let k = 0; k < trials; k++) out.set(data.subarray(k * (size + n) + n, (k + 1) * (size + n)), k * size);
  return { shape: [trials, after - 1, n], data: out };
}

function finite(
  where: string,
  name: string,
  { shape, data }: { readonly shape: Shape; readonly data: Float64Array },
): TfjsTensor {
  const out = new Float32Array(data),
    bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    fail(where, {
      expected: `a gradient in ${name} that float32 holds`,
      got: `${data[bad]} at index [${indexOf(shape, bad).join(", ")}]`,
      fix: "The network is about to diverge: take weaker weights, a smaller dt or a smaller learning rate.",
    });
  return writeTfjs({ shape, data: out });
}
