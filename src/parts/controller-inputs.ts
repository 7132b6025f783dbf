import { random } from "../base";
import { activationOf } from "../kernels";
import {
  matmul,
  sizeOf,
  transpose,
  zeros,
  type Matrix,
  type Params,
  type Shape,
  type Tensor3,
  type Vector,
} from "../tensor";
import { controllerStates, type ControllerWeights } from "./controller-network";
import { overTrials, type DrivenBins } from "./driven-bins";
import type { InputModel } from "./input-model";
import { normalizedColumns } from "./normalized-columns";

/** A network that generates the inputs of a condition. */
export interface Controller {
  readonly units: number;
  /** units of its hidden layers, one after the other */
  readonly layers: readonly number[];
  /** dt over its time constant */
  readonly alpha: number;
}

/**
 * Inputs that a network generates, one with weights of its own in every condition, as in the paper's code: the states h
 * of {@link controllerStates} give `u_j(t) = gain_j tanh(q_j' h_t)`, with q_j of length 1. The gain is what the size
 * of the columns of W_in is there.
 */
export function controllerInputs(bins: DrivenBins, inputs: number, controller: Controller): InputModel<Params> {
  const { units, layers, alpha } = controller,
    { conditionCount, driven } = bins,
    depth = layers.length + 1,
    widths = [units, ...layers, units],
    tanh = activationOf("tanh");
  const part = (params: Params) => {
    const weights = weightsOf(params, depth),
      [states, adjointOfStates] = controllerStates(weights, alpha, driven),
      [q, adjointOfMap] = normalizedColumns(params.map as Matrix),
      gain = params.gain as Vector,
      flat: Matrix = { shape: [conditionCount * driven, units], data: states.data },
      projected = matmul(flat, q).data.map(tanh.value);
    const u: Tensor3 = {
      shape: [conditionCount, driven, inputs],
      data: projected.map((x, index) => gain.data[index % inputs] * x),
    };
    const [every, adjointOfTrials] = overTrials(u, bins);
    const adjoint = (dEvery: Tensor3): Params => {
      const du = adjointOfTrials(dEvery),
        dGain = zeros([inputs]),
        dProjected = zeros([conditionCount * driven, inputs]);
      for (let index = 0; index < du.data.length; index++) {
        const x = projected[index],
          input = index % inputs;
        dGain.data[input] += du.data[index] * x;
        dProjected.data[index] = du.data[index] * gain.data[input] * (1 - x * x);
      }
      const dStates = matmul(dProjected, transpose(q)),
        { start, layers: dLayers } = adjointOfStates({ shape: states.shape, data: dStates.data });
      return {
        h0: start,
        ...Object.fromEntries(dLayers.flatMap(({ w, b }, l) => [[`w${l}`, w] as const, [`b${l}`, b] as const])),
        map: adjointOfMap(matmul(transpose(flat), dProjected)),
        gain: dGain,
      };
    };
    return [every, adjoint] as const;
  };
  /** As in the paper's code: states uniform from -1 to 1, weights normal over the root of the units before. */
  const start = (seed: number): Params => {
    const stream = random(seed, "fit controller h0"),
      h0 = zeros([conditionCount, units]),
      gain = zeros([inputs]);
    for (let index = 0; index < h0.data.length; index++) h0.data[index] = 2 * stream.uniform() - 1;
    gain.data.fill(1);
    const normal = (name: string, shape: Shape, before: number) => {
      const stream = random(seed, `fit controller ${name}`),
        data = Float64Array.from({ length: sizeOf(shape) }, () => stream.normal() / Math.sqrt(before));
      return [name, { shape, data }] as const;
    };
    const ofLayers = Array.from({ length: depth }, (_, l) => [
      normal(`w${l}`, [conditionCount, widths[l], widths[l + 1]], widths[l]),
      normal(`b${l}`, [conditionCount, widths[l + 1]], widths[l]),
    ]);
    return { h0, ...Object.fromEntries([...ofLayers.flat(), normal("map", [units, inputs], units)]), gain };
  };
  return Object.assign(part, {
    description: { kind: "controllerInputs", inputs, ...controller },
    inputs,
    start,
    sized: new Array<boolean>(inputs).fill(true),
  });
}

const weightsOf = (params: Params, depth: number): ControllerWeights => ({
  start: params.h0 as Matrix,
  layers: Array.from({ length: depth }, (_, l) => ({ w: params[`w${l}`] as Tensor3, b: params[`b${l}`] as Matrix })),
});
