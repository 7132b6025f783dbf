import { fail } from "../base";
import type { Plant } from "../kernels";

/** The functions of a plant, each call held against the contract. */
export interface PlantCalls {
  readonly states: number;
  readonly controls: number;
  init(): Float64Array;
  /** the next state, unchecked */
  next(state: Float64Array, controls: Float64Array): Float64Array;
  /** the next state; `step` names the place in messages */
  step(state: Float64Array, controls: Float64Array, step: number): Float64Array;
  /** what `stepAdjoint` adds for a gradient in the next state */
  adjoint(
    dNext: Float64Array,
    state: Float64Array,
    controls: Float64Array,
    step: number,
  ): { readonly dState: Float64Array; readonly dControls: Float64Array };
}

/** Refuses, in the name of `where`, whatever a function of the plant does beside what it is for. */
export function checkCalls(where: string, plant: Plant): PlantCalls {
  const { states, controls: count } = plant;
  const refuse = (expected: string, got: string, fix: string): never => fail(where, { expected, got, fix });
  /** Every entry is written, with a finite number. */
  const checkWritten = (values: Float64Array, what: string, place: string) => {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      refuse(
        `${what} to write a finite number to each of the ${values.length} entries`,
        `${values[bad]} in entry ${bad}${place}`,
        "Write every entry; a new array is not the one that the caller reads.",
      );
  };
  const checkSame = (values: Float64Array, before: Float64Array, expected: string, place: string, fix: string) => {
    const bad = values.findIndex((value, i) => !Object.is(value, before[i]) && value !== before[i]);
    if (bad >= 0) refuse(expected, `entry ${bad} ${before[bad]}, then ${values[bad]}${place}`, fix);
  };
  const untouched = (what: string, name: string, values: Float64Array, before: Float64Array, place: string) =>
    checkSame(values, before, `${what} to leave ${name} as it is`, place, `Write to a copy of ${name}.`);
  const init = () => {
    const state = new Float64Array(states).fill(NaN);
    plant.init(state);
    return state;
  };
  const step = (state: Float64Array, controls: Float64Array) => {
    const next = new Float64Array(states).fill(NaN);
    plant.step(next, state, controls);
    return next;
  };
  const adjoint = (dNext: Float64Array, state: Float64Array, controls: Float64Array, filled: number) => {
    const gradients = {
      dState: new Float64Array(states).fill(filled),
      dControls: new Float64Array(count).fill(filled),
    };
    plant.stepAdjoint(gradients.dState, gradients.dControls, dNext, state, controls);
    return gradients;
  };
  const checkAdded = (once: Float64Array, onOnes: Float64Array, name: string, place: string) => {
    const bad = once.findIndex((value, i) => !(Math.abs(onOnes[i] - (1 + value)) <= 1e-12 * (1 + Math.abs(value))));
    if (bad >= 0)
      refuse(
        `stepAdjoint to add to ${name}, and to depend on nothing it holds`,
        `${once[bad]} where ${name}[${bad}] was 0, and ${onOnes[bad]} where it was 1${place}`,
        "Write += for =: gradients of the loss are there already.",
      );
  };
  return {
    states,
    controls: count,
    next: step,
    init() {
      const state = init();
      checkWritten(state, "init", "");
      checkSame(init(), state, "init to write the same start every time", "", "Draw nothing in it.");
      return state;
    },
    step(state, controls, at) {
      const place = ` at step ${at}`,
        stateBefore = state.slice(),
        controlsBefore = controls.slice(),
        next = step(state, controls);
      checkWritten(next, "step", place);
      untouched("step", "state", state, stateBefore, place);
      untouched("step", "control", controls, controlsBefore, place);
      step(next, controls); // from elsewhere, so that what a plant remembers shows
      checkSame(
        step(state, controls),
        next,
        "step to give the same for the same state and control",
        place,
        "Let it depend on these alone: what it remembers belongs into the state.",
      );
      return next;
    },
    adjoint(dNext, state, controls, at) {
      const place = ` at step ${at}`,
        [dNextBefore, stateBefore, controlsBefore] = [dNext.slice(), state.slice(), controls.slice()],
        once = adjoint(dNext, state, controls, 0);
      checkWritten(once.dState, "stepAdjoint", `${place} of dState`);
      checkWritten(once.dControls, "stepAdjoint", `${place} of dControl`);
      untouched("stepAdjoint", "dNext", dNext, dNextBefore, place);
      untouched("stepAdjoint", "state", state, stateBefore, place);
      untouched("stepAdjoint", "control", controls, controlsBefore, place);
      const onOnes = adjoint(dNext, state, controls, 1);
      checkAdded(once.dState, onOnes.dState, "dState", place);
      checkAdded(once.dControls, onOnes.dControls, "dControl", place);
      return once;
    },
  };
}
