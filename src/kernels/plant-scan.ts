import { lanes } from "./panel";
import type { Plant } from "./plant";
import type { ScanBuffers, ScanSetting } from "./scan-buffers";

/** The plant's part of the scan, lane by lane. */
export function plantScan(plant: Plant, { inputs, outputs, steps }: ScanSetting, { inputs: u, dInputs, outputs: y, dOutputs, plantStates: s, dPlantStates: ds }: ScanBuffers) {
  const n = plant.states, first = inputs - plant.feedback;
  const state = new Float64Array(n), next = new Float64Array(n), control = new Float64Array(outputs);
  const dState = new Float64Array(n), dNext = new Float64Array(n), dControl = new Float64Array(outputs);
  const total = new Float64Array(n * lanes); // dL/ds_t from the loss and from later steps
  const gather = (to: Float64Array, from: Float64Array, t: number, lane: number) => {
    for (let i = 0, at = t * to.length * lanes + lane; i < to.length; i++, at += lanes) to[i] = from[at];
  };
  return {
    init() {
      plant.init(state);
      for (let i = 0; i < n; i++) s.fill(state[i], i * lanes, (i + 1) * lanes);
    },
    feedBack(t: number) {
      for (let i = 0; i < plant.feedback * lanes; i++) u[(t * inputs + first) * lanes + i] = s[t * n * lanes + i];
    },
    move(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, s, t, lane);
        gather(control, y, t, lane);
        plant.step(next, state, control);
        for (let i = 0; i < n; i++) s[((t + 1) * n + i) * lanes + lane] = next[i];
      }
    },
    start() {
      total.set(ds.subarray(steps * n * lanes));
    },
    moveAdjoint(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, s, t, lane);
        gather(control, y, t, lane);
        for (let i = 0; i < n; i++) dNext[i] = total[i * lanes + lane];
        dState.fill(0);
        dControl.fill(0);
        plant.stepAdjoint(dState, dControl, dNext, state, control);
        for (let i = 0; i < n; i++) total[i * lanes + lane] = dState[i] + ds[(t * n + i) * lanes + lane];
        for (let i = 0; i < outputs; i++) dOutputs[(t * outputs + i) * lanes + lane] += dControl[i];
      }
    },
    feedBackAdjoint(t: number) {
      for (let i = 0; i < plant.feedback * lanes; i++) total[i] += dInputs[(t * inputs + first) * lanes + i];
    },
  };
}
