import { provenance, random, readOptions, type FieldsOf, type Provenance } from "../base";
import { checkPlantParts, describePlant, type Plant } from "../kernels";
import { checkCalls } from "./plant-calls";
import { worstEntry } from "./plant-differences";

/** Where a plant is tested, and with which tolerance. */
export interface CheckPlantOptions {
  /** default 0 */
  readonly seed?: number;
  /** states along a path of the plant that are tried, the first being its start; default 5 */
  readonly points?: number;
  /** steps from one to the next; default 3 */
  readonly spacing?: number;
  /** standard deviation of the controls that move it, each drawn anew at every step; default 1 */
  readonly control?: number;
  /** largest difference between adjoint and differences, relative to the largest derivative; default 1e-6 */
  readonly tolerance?: number;
}

const table = {
  seed: { is: "seed", fallback: 0 },
  points: { is: "whole number", least: 1, most: 1000, fallback: 5 },
  spacing: { is: "whole number", least: 1, most: 1e6, fallback: 3 },
  control: { is: "number", above: 0, fallback: 1 },
  tolerance: { is: "number", above: 0, below: 1, fallback: 1e-6 },
} as const satisfies FieldsOf<CheckPlantOptions>;

/** The result for a plant that passes. */
export interface PlantCheck {
  /** states that it was tried in */
  readonly points: number;
  /** the largest difference between adjoint and differences, relative to the largest derivative at that state */
  readonly largestError: number;
  readonly provenance: Provenance;
}

/**
 * Tests a plant along a path under random controls: `init` and `step` must write whole states, must not change their
 * arguments and must not depend on anything else; `stepAdjoint` must add to its gradients, and agree with all
 * derivatives of `step` by central differences.
 *
 * @returns how close adjoint and differences are
 * @throws {@link LtrnnError} that names what is wrong: which function, at which step, and which derivative
 * @remarks `points · (states + controls)` times five calls of the plant. Only states on the path are tested: if a plant
 * has regimes, such as contact, the path must reach them. Where a step has a kink, differences do not converge, and the
 * error says so.
 * @example checkPlant(pointMass({ dt: 0.1, curl: 1 })).largestError < 1e-8 // true
 */
export function checkPlant(plant: Plant, options?: CheckPlantOptions): PlantCheck {
  const where = "checkPlant",
    { seed, ...read } = readOptions(where, options, table),
    { points, spacing, control, tolerance } = read;
  checkPlantParts(where, "plant", plant);
  const stream = random(seed, "controls of a plant"),
    calls = checkCalls(where, plant);
  let state = calls.init(),
    largestError = 0;
  for (let step = 0; step <= (points - 1) * spacing; step++) {
    const controls = Float64Array.from({ length: plant.controls }, () => control * stream.normal()),
      next = calls.step(state, controls, step);
    if (step % spacing === 0)
      largestError = Math.max(largestError, worstEntry(where, calls, { state, controls, step }, tolerance));
    state = next;
  }
  return { points, largestError, provenance: provenance(where, seed, read, { plant: describePlant(plant) }) };
}
