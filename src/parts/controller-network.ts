import { zeros, type Matrix, type Tensor3 } from "../tensor";
import { layerAdjoint, layerForward, type Layer } from "./layers";

/** A network that acts on itself, one in every condition. */
export interface ControllerWeights {
  /** h_0, (conditions × units) */
  readonly start: Matrix;
  /** from h through the hidden layers and back to the units */
  readonly layers: readonly Layer[];
}

/** What the layers' output is multiplied by before it drives the units, as in the paper's code. */
const drive = 5;

/**
 * States of a controller, by Euler steps, condition by condition: `h_{t+1} = h_t + alpha (-h_t + relu(5 f(h_t)))`,
 * with f a stack of layers, linear at its end and relu between.
 *
 * @param alpha - dt / tau of the controller
 * @param steps - states to make, h_0 first
 * @returns (conditions × steps × units), and the adjoint through time
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the controller of their code
 */
export function controllerStates(
  { start, layers }: ControllerWeights,
  alpha: number,
  steps: number,
): readonly [states: Tensor3, adjoint: (dStates: Tensor3) => ControllerWeights] {
  const [conditions, units] = start.shape,
    states = zeros([conditions, steps, units]),
    stack = stackOf(layers, units);
  const at = (condition: number, t: number) => (condition * steps + t) * units;
  for (let condition = 0; condition < conditions; condition++) {
    states.data.set(start.data.subarray(condition * units, (condition + 1) * units), at(condition, 0));
    for (let t = 0; t + 1 < steps; t++) {
      const here = at(condition, t),
        f = stack.forward(condition, states.data.subarray(here, here + units));
      for (let i = 0; i < units; i++) {
        const h = states.data[here + i];
        states.data[here + units + i] = h + alpha * (Math.max(0, drive * f[i]) - h);
      }
    }
  }
  const adjoint = (dStates: Tensor3): ControllerWeights => {
    const gradients: ControllerWeights = {
      start: zeros(start.shape),
      layers: layers.map(({ w, b }) => ({ w: zeros(w.shape), b: zeros(b.shape) })),
    };
    const dh = new Float64Array(units),
      df = new Float64Array(units);
    for (let condition = 0; condition < conditions; condition++) {
      dh.fill(0);
      for (let t = steps - 1; t >= 0; t--) {
        const here = at(condition, t);
        if (t + 1 < steps) {
          const f = stack.forward(condition, states.data.subarray(here, here + units));
          for (let i = 0; i < units; i++) df[i] = f[i] > 0 ? alpha * drive * dh[i] : 0;
          const dx = stack.adjoint(gradients.layers, condition, df);
          for (let i = 0; i < units; i++) dh[i] = (1 - alpha) * dh[i] + dx[i];
        }
        for (let i = 0; i < units; i++) dh[i] += dStates.data[here + i];
      }
      gradients.start.data.set(dh, condition * units);
    }
    return gradients;
  };
  return [states, adjoint];
}

/** The layers one after the other; the adjoint is of the last call of `forward`. */
function stackOf(layers: readonly Layer[], units: number) {
  const values = [new Float64Array(units), ...layers.map(({ b }) => new Float64Array(b.shape[1]))],
    gradients = values.map((value) => new Float64Array(value.length));
  return {
    forward(condition: number, h: Float64Array): Float64Array {
      values[0].set(h);
      for (const [l, layer] of layers.entries()) {
        const y = values[l + 1];
        layerForward(layer, condition, values[l], y);
        if (l + 1 < layers.length) for (let j = 0; j < y.length; j++) y[j] = Math.max(0, y[j]);
      }
      return values[layers.length];
    },
    adjoint(of: readonly Layer[], condition: number, df: Float64Array): Float64Array {
      gradients[layers.length].set(df);
      for (let l = layers.length - 1; l >= 0; l--)
        layerAdjoint(layers[l], of[l], condition, values[l], gradients[l + 1], gradients[l], l === 0);
      return gradients[0];
    },
  };
}
