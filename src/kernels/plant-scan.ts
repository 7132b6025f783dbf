import { type Kernels, rowBytes } from "./kernel-set";
import type { Plant } from "./plant";
import type { ScanMemory } from "./scan-layout";
import type { ScanSetting } from "./scan-setting";

/**
 * The plant's part of the scan, lane by lane. A plant may run kernels itself, so views of the memory are taken anew.
 */
export function plantScan(
  plant: Plant,
  { workspace, bytes, lanes }: Kernels,
  { inputs, outputs, steps }: ScanSetting,
  memory: ScanMemory,
) {
  const n = plant.states,
    first = memory.sourceRows + inputs - plant.feedback,
    shown = plant.feedbackFrom ?? 0;
  const state = new Float64Array(n),
    next = new Float64Array(n),
    control = new Float64Array(outputs);
  const dState = new Float64Array(n),
    dNext = new Float64Array(n),
    dControl = new Float64Array(outputs);
  const dStates = new Float64Array(n * lanes); // dL/ds_t, through the loss at t and through later steps
  const reals = () => (bytes === 4 ? workspace.f32 : workspace.f64);
  const gather = (to: Float64Array, from: number, lane: number) => {
    const m = reals();
    for (let i = 0, p = from / bytes + lane; i < to.length; i++, p += lanes) to[i] = m[p];
  };
  return {
    init() {
      state.fill(NaN); // what init leaves unwritten is no number
      plant.init(state);
      const m = reals();
      for (let i = 0; i < n; i++)
        m.fill(state[i], memory.plantStates / bytes + i * lanes, memory.plantStates / bytes + (i + 1) * lanes);
    },
    feedBack(t: number) {
      const from = memory.plantStates + t * memory.plantStep + shown * rowBytes;
      workspace.bytes.copyWithin(
        memory.sources + t * memory.zStep + first * rowBytes,
        from,
        from + plant.feedback * rowBytes,
      );
    },
    move(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, memory.plantStates + t * memory.plantStep, lane);
        gather(control, memory.outputs + t * memory.outStep, lane);
        next.fill(NaN);
        plant.step(next, state, control);
        const m = reals();
        for (let i = 0, p = (memory.plantStates + (t + 1) * memory.plantStep) / bytes + lane; i < n; i++, p += lanes)
          m[p] = next[i];
      }
    },
    start() {
      const m = reals(),
        end = (memory.dPlantStates + steps * memory.plantStep) / bytes;
      for (let i = 0; i < dStates.length; i++) dStates[i] = m[end + i];
    },
    moveAdjoint(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, memory.plantStates + t * memory.plantStep, lane);
        gather(control, memory.outputs + t * memory.outStep, lane);
        for (let i = 0; i < n; i++) dNext[i] = dStates[i * lanes + lane];
        dState.fill(0);
        dControl.fill(0);
        plant.stepAdjoint(dState, dControl, dNext, state, control);
        const m = reals();
        for (let i = 0; i < n; i++)
          dStates[i * lanes + lane] =
            dState[i] + m[(memory.dPlantStates + t * memory.plantStep) / bytes + i * lanes + lane];
        for (let i = 0; i < outputs; i++)
          m[(memory.dOutputs + t * memory.outStep) / bytes + i * lanes + lane] += dControl[i];
      }
    },
    feedBackAdjoint(t: number) {
      const m = reals(),
        from = (memory.dSources + t * memory.zStep + first * rowBytes) / bytes;
      for (let i = 0; i < plant.feedback * lanes; i++) dStates[shown * lanes + i] += m[from + i];
    },
  };
}
