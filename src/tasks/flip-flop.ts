import { fail, provenance, random, readOptions, type FieldsOf } from "../base";
import { zerosFor } from "../tensor";
import { eitherSign } from "./choice-trials";
import type { Task } from "./task";

/** Trials of a {@link flipFlop}. */
export interface FlipFlopOptions {
  /** default 3 */
  readonly bits?: number;
  /** default 64 */
  readonly trials?: number;
  /** time steps of a trial; default 60 */
  readonly steps?: number;
  /** that a pulse starts, at each step and input at which none is on; default 0.05 */
  readonly probability?: number;
  /** steps of a pulse; default 2 */
  readonly width?: number;
  /** steps from the start of each pulse that the mask leaves out for its bit; default 4 */
  readonly grace?: number;
  /** the step to run a network with, in the unit of its tau; default 0.1 */
  readonly dt?: number;
  /** default 0 */
  readonly seed?: number;
}

const fields = {
  bits: { is: "whole number", least: 1, most: 1000, fallback: 3 },
  trials: { is: "whole number", least: 1, most: 1e6, fallback: 64 },
  steps: { is: "whole number", least: 1, most: 1e5, fallback: 60 },
  probability: { is: "number", least: 0, most: 1, fallback: 0.05 },
  width: { is: "whole number", least: 1, most: 1e5, fallback: 2 },
  grace: { is: "whole number", least: 0, fallback: 4 },
  dt: { is: "number", above: 0, fallback: 0.1 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<FlipFlopOptions>;

/**
 * A memory of k bits: the target of each output is the sign of the last pulse at its input, 1 or -1. Every bit is set
 * by a pulse at the first step. The mask leaves out the first steps of each pulse, for its bit alone.
 *
 * @returns no conditions: the pulses are in the inputs
 * @throws {@link LtrnnError} for numbers out of range, a grace that hides every target, and unknown names
 * @see Sussillo & Barak (2013), Opening the black box: low-dimensional dynamics in high-dimensional recurrent neural
 * networks, Neural Comput. 25
 * @example flipFlop({ bits: 3, trials: 5, seed: 1 }).batch.targets.shape // [5, 60, 3]
 */
export function flipFlop(options?: FlipFlopOptions): Task<never> {
  const where = "flipFlop",
    { seed, ...read } = readOptions(where, options, fields),
    { bits, trials, steps, probability, width, grace, dt } = read;
  const inputs = zerosFor(where, [trials, steps, bits]),
    targets = zerosFor(where, [trials, steps, bits]),
    mask = zerosFor(where, [trials, steps, bits]),
    stream = random(seed, where);
  let seen = false;
  for (let k = 0; k < trials; k++)
    for (let bit = 0; bit < bits; bit++)
      for (let t = 0, begun = 0, value = 0; t < steps; t++) {
        if (t === 0 || (t - begun >= width && stream.uniform() < probability)) {
          begun = t;
          value = eitherSign(stream);
        }
        const entry = (k * steps + t) * bits + bit;
        inputs.data[entry] = t - begun < width ? value : 0;
        targets.data[entry] = value;
        mask.data[entry] = t - begun < grace ? 0 : 1;
        seen ||= t - begun >= grace;
      }
  if (!seen)
    fail(where, {
      expected: "a grace that leaves targets to learn from",
      got: `${grace} in trials of ${steps} steps: the mask hides everything`,
      fix: "Lower grace or the probability of a pulse, or take longer trials.",
    });
  const names = Array.from({ length: bits }, (_, bit) => `bit ${bit}`);
  return {
    kind: where,
    batch: { inputs, targets, ...(grace > 0 ? { mask } : {}) },
    conditions: {},
    channels: { inputs: names, targets: names },
    dt,
    scored: "values",
    provenance: provenance(where, seed, read),
  };
}
