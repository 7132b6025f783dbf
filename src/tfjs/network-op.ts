import {
  add,
  customGrad,
  mul,
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
import { defined, fail, isRecord, readOptions, type FieldsOf } from "../base";
import { activationOf, isCustomActivation, type AnyActivation } from "../kernels";
import { noiseFields, type Observed, type RunOptions } from "../run";
import type { Tensor3 } from "../tensor";
import { checkTrainable, type Trainable } from "../train";
import { linear } from "./linear";
import { scanOp, type TfjsParams } from "./scan-op";
import { readTfjs, writeTfjs } from "./transfer";

/** How to run the network. States are computed in float32, as all of tfjs is, unless told. */
export type OpOptions = Omit<RunOptions, "plant" | "innovation" | keyof Observed>;

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

const rows = { is: "list", of: { is: "whole number", least: 0 } } as const;
const table = {
  dt: { is: "number", above: 0 },
  integrator: { is: "name", of: ["euler", "heun"] },
  precision: { is: "name", of: ["float32", "float64"], fallback: "float32" },
  noise: { is: "record", of: noiseFields },
  trials: rows,
  conditions: rows,
} as const satisfies FieldsOf<OpOptions>;

/**
 * A network as an operation of tfjs, whose gradient in every parameter and in the inputs is the scan's own adjoint: for
 * any tfjs optimizer, loss and head. The parameters that it is called with are those that train; the others stay as
 * they are in the model.
 *
 * @param options - as for `simulate`, but for a plant; `precision` is "float32" by default
 * @throws LtrnnError when the model is none, an option is unknown, or a plant is asked for; and the operations, when
 * parameters or inputs do not fit the model, a state stops being finite, or no backend is ready
 * @remarks What the gradient needs is kept, about as much as all rates. There are no second derivatives. Numbers go
 * from the backend to the scan and back at once, so the backend must give its data synchronously: cpu, wasm and webgl
 * do. A loss on several of the three costs least through `all`, a loss on one through that one.
 * @see Pearlmutter (1995), Gradient calculations for dynamic recurrent neural networks, IEEE Trans. Neural Networks 6:
 * the adjoint recursion
 * @example networkOp(FullRankRNN.random({ units: 5, inputs: 1, outputs: 2 }, 1), { dt: 0.1 }).outputs({}, zeros([3, 7,
 * 1])).shape // [3, 7, 2]
 */
export function networkOp(model: Trainable, options: OpOptions = {}): NetworkOp {
  checkTrainable("networkOp", model);
  if (isRecord(options) && (options as RunOptions).plant !== undefined)
    fail("networkOp", {
      expected: "no plant",
      got: "one",
      fix:
        "Hand the plant to networkObjective with a loss from tfjsLoss, or " +
        "step the body in tfjs operations yourself.",
    });
  const runOptions = defined(readOptions<OpOptions, typeof table>("networkOp", options, table));
  const op = scanOp(model, runOptions);
  return {
    ...op,
    all: (params, inputs) =>
      tidy(() => {
        const states = op.states(params, inputs);
        return { states, ...readingsOf(model, params, states) };
      }),
  };
}

/** Rates and outputs of states, by tfjs operations. */
function readingsOf({ params: constants, setting }: Trainable, params: TfjsParams, states: Tensor3D) {
  const [trials, times, units] = states.shape,
    later = slice(states, [0, 1, 0], [trials, times - 1, units]),
    rates = activate(later, setting.phi);
  const tensorFor = (name: "readout" | "readoutGain" | "readoutBias") => {
    const constant = constants[name];
    return params[name] ?? (constant && writeTfjs(constant));
  };
  const readout = tensorFor("readout"),
    gain = tensorFor("readoutGain"),
    bias = tensorFor("readoutBias"),
    source = setting.reads === "rates" ? rates : later;
  if (readout) {
    const columns = transpose(readout);
    return { rates, outputs: linear(source, gain ? mul(columns, gain) : columns, bias) };
  }
  const gained = gain ? (mul(source, gain) as Tensor3D) : source;
  return { rates, outputs: bias ? (add(gained, bias) as Tensor3D) : gained };
}

/** phi as tfjs operations; those that tfjs does not have entry by entry, with the derivative of the library. */
function activate(x: Tensor3D, phi: AnyActivation): Tensor3D {
  if (isCustomActivation(phi)) return activateEntries(x, phi.value, (d, state) => d * phi.derivative(state), "states");
  switch (phi) {
    case "tanh":
      return tanh(x);
    case "relu":
      return relu(x);
    case "softplus":
      return softplus(x);
    case "identity":
      return reshape(x, x.shape);
    default:
      return activateEntries(x, activationOf(phi).value, activationOf(phi).pull, "rates");
  }
}

/** phi entry by entry; `pull` takes a gradient in rates, and the rate or the state there, to that in states. */
function activateEntries(
  x: Tensor3D,
  value: (x: number) => number,
  pull: (d: number, at: number) => number,
  from: "rates" | "states",
): Tensor3D {
  const op = customGrad((states) => {
    const at = readTfjs<Tensor3["shape"]>(states as Tensor3D),
      h = { shape: at.shape, data: at.data.map((entry) => value(entry)) },
      { data } = from === "rates" ? h : at;
    const gradFunc = (d: TfjsTensor) => [
      writeTfjs({ ...h, data: readTfjs(d).data.map((entry, i) => pull(entry, data[i])) }),
    ];
    return { value: writeTfjs<Tensor3D>(h), gradFunc };
  });
  return op(x) as Tensor3D;
}
