import type { Kernels } from "./kernel-set";
import type { Plant } from "./plant";
import type { ScanMemory } from "./scan-memory";
import type { ScanSetting } from "./scan-setting";

/** The plant's part of the scan, lane by lane. It may call anything, so the memory is looked up afresh. */
export function plantScan(
  plant: Plant,
  { workspace, bytes, lanes }: Kernels,
  { inputs, outputs, steps }: ScanSetting,
  at: ScanMemory,
) {
  const n = plant.states,
    first = at.source + inputs - plant.feedback;
  const state = new Float64Array(n),
    next = new Float64Array(n),
    control = new Float64Array(outputs);
  const dState = new Float64Array(n),
    dNext = new Float64Array(n),
    dControl = new Float64Array(outputs);
  const total = new Float64Array(n * lanes); // dL/ds_t from the loss and from later steps
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
        m.fill(state[i], at.plantStates / bytes + i * lanes, at.plantStates / bytes + (i + 1) * lanes);
    },
    feedBack(t: number) {
      const from = at.plantStates + t * at.bodyStep;
      workspace.bytes.copyWithin(at.sources + t * at.zStep + first * 64, from, from + plant.feedback * 64);
    },
    move(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, at.plantStates + t * at.bodyStep, lane);
        gather(control, at.outputs + t * at.outStep, lane);
        next.fill(NaN);
        plant.step(next, state, control);
        const m = reals();
        for (let i = 0, p = (at.plantStates + (t + 1) * at.bodyStep) / bytes + lane; i < n; i++, p += lanes)
          m[p] = next[i];
      }
    },
    start() {
      const m = reals(),
        end = (at.dPlantStates + steps * at.bodyStep) / bytes;
      for (let i = 0; i < total.length; i++) total[i] = m[end + i];
    },
    moveAdjoint(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, at.plantStates + t * at.bodyStep, lane);
        gather(control, at.outputs + t * at.outStep, lane);
        for (let i = 0; i < n; i++) dNext[i] = total[i * lanes + lane];
        dState.fill(0);
        dControl.fill(0);
        plant.stepAdjoint(dState, dControl, dNext, state, control);
        const m = reals();
        for (let i = 0; i < n; i++)
          total[i * lanes + lane] = dState[i] + m[(at.dPlantStates + t * at.bodyStep) / bytes + i * lanes + lane];
        for (let i = 0; i < outputs; i++) m[(at.dOutputs + t * at.outStep) / bytes + i * lanes + lane] += dControl[i];
      }
    },
    feedBackAdjoint(t: number) {
      const m = reals(),
        from = (at.dSources + t * at.zStep + first * 64) / bytes;
      for (let i = 0; i < plant.feedback * lanes; i++) total[i] += m[from + i];
    },
  };
}
