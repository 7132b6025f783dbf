import { fail, provenance, readOptions, sin, type FieldsOf } from "../base";
import { zerosFor } from "../tensor";
import type { Task } from "./task";

/** Trials of {@link sineWave}: one per frequency. */
export interface SineWaveOptions {
  /** default 5 */
  readonly frequencies?: number;
  /** the lowest, in cycles per unit of time; above 0, default 0.2 */
  readonly lowest?: number;
  /** the highest, at least the lowest; fewer than one cycle in two steps. Default 0.6 */
  readonly highest?: number;
  /** time steps of a trial; default 80 */
  readonly steps?: number;
  /** steps at the start that the mask leaves out; default 5 */
  readonly grace?: number;
  /** default 0.1 */
  readonly dt?: number;
}

const fields = {
  frequencies: { is: "whole number", least: 1, most: 1e6, fallback: 5 },
  lowest: { is: "number", above: 0, fallback: 0.2 },
  highest: { is: "number", above: 0, fallback: 0.6 },
  steps: { is: "whole number", least: 1, most: 1e6, fallback: 80 },
  grace: { is: "whole number", least: 0, fallback: 5 },
  dt: { is: "number", above: 0, fallback: 0.1 },
} as const satisfies FieldsOf<SineWaveOptions>;

/**
 * A generator of sine waves: a constant input sets the frequency, from 0.25 at the lowest to 1.25 at the highest, and
 * the target is `sin(2 pi frequency t)`, t the time since the start. The network itself has to oscillate.
 *
 * @returns `conditions.frequency`, evenly spaced
 * @throws {@link LtrnnError} for numbers out of range, frequencies too high for dt, a grace that masks all targets, and
 * unknown names
 * @see Sussillo & Barak (2013), Opening the black box: low-dimensional dynamics in high-dimensional recurrent neural
 * networks, Neural Comput. 25
 * @example sineWave({ frequencies: 3 }).conditions.frequency // [0.2, 0.4, 0.6], up to rounding
 */
export function sineWave(options?: SineWaveOptions): Task<"frequency"> {
  const where = "sineWave",
    read = readOptions(where, options, fields),
    { frequencies, lowest, highest, steps, grace, dt } = read;
  const refuse = (expected: string, got: string, fix: string) => fail(where, { expected, got, fix });
  if (highest < lowest)
    refuse(`highest of at least ${lowest}, the lowest frequency`, String(highest), "Exchange the two.");
  if (!(highest * dt < 0.5))
    refuse(
      "highest below 1 / (2 dt), fewer than one cycle in two steps",
      `${highest} at dt = ${dt}`,
      "Take slower waves, or smaller steps.",
    );
  if (grace >= steps)
    refuse(`grace below ${steps}, the steps of a trial: beyond it the mask hides them all`, String(grace), "Lower it.");
  const inputs = zerosFor(where, [frequencies, steps, 1]),
    targets = zerosFor(where, [frequencies, steps, 1]),
    mask = zerosFor(where, [frequencies, steps, 1]),
    frequency: number[] = [];
  for (let k = 0; k < frequencies; k++) {
    const share = frequencies === 1 ? 0 : k / (frequencies - 1);
    frequency.push(lowest + share * (highest - lowest));
    for (let t = 0; t < steps; t++) {
      inputs.data[k * steps + t] = 0.25 + share;
      targets.data[k * steps + t] = sin(2 * Math.PI * frequency[k] * ((t + 1) * dt));
      mask.data[k * steps + t] = t < grace ? 0 : 1;
    }
  }
  return {
    kind: where,
    batch: { inputs, targets, ...(grace > 0 ? { mask } : {}) },
    conditions: { frequency },
    channels: { inputs: ["level"], targets: ["wave"] },
    dt,
    scored: "values",
    provenance: provenance(where, null, read),
  };
}
