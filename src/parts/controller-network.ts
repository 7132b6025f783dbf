import { zeros, type Matrix, type Tensor3 } from "../tensor";
import { layerRun, type AtStep, type Layer } from "./layers";

/** A recurrent network, one in every condition. */
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
    last = steps - 1,
    f = layerRun(layers, last);
  const at = (condition: number, t: number) => (condition * steps + t) * units;
  for (let condition = 0; condition < conditions; condition++) {
    states.data.set(start.data.subarray(condition * units, (condition + 1) * units), at(condition, 0));
    f.forward(condition, (apply) => runStates(states.data, at(condition, 0), units, last, alpha, apply));
  }
  const adjoint = (dStates: Tensor3): ControllerWeights => {
    const dStart = zeros(start.shape),
      dh = new Float64Array(units),
      dDrive = new Float64Array(units),
      { backward, gradients } = f.adjoint();
    for (let condition = 0; condition < conditions; condition++) {
      dh.fill(0);
      backward(condition, (pull, lastAt) =>
        pullStates(dStates.data, at(condition, 0), last, alpha, { dh, dDrive }, pull, lastAt),
      );
      dStart.data.set(dh, condition * units);
    }
    return { start: dStart, layers: gradients };
  };
  return [states, adjoint];
}

/** States of a condition after the first, which begins at `first`. */
function runStates(states: Float64Array, first: number, units: number, steps: number, alpha: number, apply: AtStep) {
  for (let t = 0, here = first; t < steps; t++, here += units) {
    const value = apply(t, states.subarray(here, here + units));
    for (let i = 0; i < units; i++) {
      const h = states[here + i];
      states[here + units + i] = h + alpha * (Math.max(0, drive * value[i]) - h);
    }
  }
}

/** Gradients in the first state of a condition, in `dh`; those in the drive pass through `dDrive`. */
function pullStates(
  dStates: Float64Array,
  first: number,
  steps: number,
  alpha: number,
  { dh, dDrive }: Readonly<Record<"dh" | "dDrive", Float64Array>>,
  pull: AtStep,
  lastAt: (step: number) => Float64Array,
): void {
  const units = dh.length;
  for (let t = steps; t >= 0; t--) {
    const here = first + t * units;
    if (t < steps) {
      const value = lastAt(t);
      for (let i = 0; i < units; i++) dDrive[i] = value[i] > 0 ? alpha * drive * dh[i] : 0;
      const dx = pull(t, dDrive);
      for (let i = 0; i < units; i++) dh[i] = (1 - alpha) * dh[i] + dx[i];
    }
    for (let i = 0; i < units; i++) dh[i] += dStates[here + i];
  }
}
