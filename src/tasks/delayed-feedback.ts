import { checkWhole, fail } from "../base";
import { checkPlantParts, describePlant, type Plant } from "../kernels";

/**
 * A plant whose feedback reaches the network a number of steps late; in the first steps the network receives the
 * initial state.
 *
 * Its state is that of the plant, followed by the delayed entries, those that arrive last first; so functions that read
 * a plant's first entries, such as {@link lateralError}, also work with this one.
 *
 * @param plant - one with feedback, of the library or custom; its functions are called unchanged
 * @param steps - at least 1, of the network
 * @throws {@link LtrnnError} for what is no plant, one without feedback, and a delay of no whole steps
 * @remarks The state grows by `steps` times the plant's feedback, and targets with it: see {@link batchOnPlant}.
 * @example delayedFeedback(pointMass({ dt: 0.1, feedback: true }), 3).states // 16
 */
export const delayedFeedback = (plant: Plant, steps: number): Plant => delayedOf("delayedFeedback", plant, steps);

export function delayedOf(where: string, plant: Plant, steps: number): Plant {
  checkPlantParts(where, "plant", plant);
  const { states: body, feedback: shown, feedbackFrom: from = 0 } = plant;
  if (shown === 0)
    fail(where, {
      expected: "a plant with feedback to delay",
      got: "one whose feedback is 0",
      fix: "Give the plant feedback: pointMass({ dt, feedback: true }).",
    });
  checkWhole(where, "steps", steps, 1, 1e6);
  const states = body + steps * shown;
  // the plant sees its own part of each array; a view is made once per array
  const views = new WeakMap<Float64Array, Float64Array>();
  const own = (whole: Float64Array) => {
    const part = views.get(whole) ?? whole.subarray(0, body);
    views.set(whole, part);
    return part;
  };
  return {
    ...(plant.description ? { description: { kind: "delayedFeedback", steps, plant: describePlant(plant) } } : {}),
    states,
    controls: plant.controls,
    feedback: shown,
    feedbackFrom: states - shown,
    init(state) {
      plant.init(own(state));
      for (let at = body; at < states; at += shown) state.copyWithin(at, from, from + shown);
    },
    step(next, state, control) {
      plant.step(own(next), own(state), control);
      for (let i = 0; i < shown; i++) next[body + i] = state[from + i];
      for (let i = body + shown; i < states; i++) next[i] = state[i - shown];
    },
    stepAdjoint(dState, dControl, dNext, state, control) {
      plant.stepAdjoint(own(dState), dControl, own(dNext), own(state), control);
      for (let i = 0; i < shown; i++) dState[from + i] += dNext[body + i];
      for (let i = body + shown; i < states; i++) dState[i - shown] += dNext[i];
    },
  };
}
