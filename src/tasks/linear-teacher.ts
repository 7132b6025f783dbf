import { provenance, random, readOptions, type FieldsOf, type Random } from "../base";
import { haarTimes } from "../linalg";
import { identity, zeros, zerosFor, type Matrix, type Tensor3 } from "../tensor";
import type { Task } from "./task";

/** A linear network and the trials that it makes. */
export interface LinearTeacherOptions {
  /** of the teacher; default 3 */
  readonly units?: number;
  /** default 1 */
  readonly inputs?: number;
  /** default 1 */
  readonly outputs?: number;
  /** default 32 */
  readonly trials?: number;
  /** time steps of a trial; default 40 */
  readonly steps?: number;
  /** size of the eigenvalues of W, at least 0 and below 1; default 0.8 */
  readonly gain?: number;
  /** the step, in the unit of tau; at most 1, default 0.2 */
  readonly dt?: number;
  /** default 0 */
  readonly seed?: number;
}

const fields = {
  units: { is: "whole number", least: 1, most: 1000, fallback: 3 },
  inputs: { is: "whole number", least: 1, most: 1000, fallback: 1 },
  outputs: { is: "whole number", least: 1, most: 1000, fallback: 1 },
  trials: { is: "whole number", least: 1, most: 1e6, fallback: 32 },
  steps: { is: "whole number", least: 1, most: 1e5, fallback: 40 },
  gain: { is: "number", least: 0, below: 1, fallback: 0.8 },
  dt: { is: "number", above: 0, most: 1, fallback: 0.2 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<LinearTeacherOptions>;

/** The trials of a {@link linearTeacher}, and the teacher itself. */
export interface LinearTeacher extends Task<never> {
  /** parameters of a network: `new FullRankRNN(teacher, { phi: "identity" })` is the teacher */
  readonly teacher: { readonly w: Matrix; readonly wIn: Matrix; readonly x0: Matrix; readonly readout: Matrix };
}

/**
 * Targets that a linear network makes from white noise: `x <- x + dt (-x + W x + W_in u)`, `y = C x`, from x = 0. W is
 * `gain` times a random rotation or reflection, so the teacher is stable; W_in and C are normal, of unit variance per
 * input and per unit. A linear student of as many units or more can equal the teacher, up to a change of basis: then
 * both have the same impulse response `C (1 + dt (W - 1))^t dt W_in`.
 *
 * @returns no conditions; `teacher`, the parameters to recover
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Saxe, McClelland & Ganguli (2014), Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks, ICLR: linear teachers and students
 * @example linearTeacher({ units: 4, trials: 5, seed: 1 }).teacher.w.shape // [4, 4]
 */
export function linearTeacher(options?: LinearTeacherOptions): LinearTeacher {
  const where = "linearTeacher",
    { seed, ...read } = readOptions(where, options, fields),
    { units, inputs: external, outputs, trials, steps, gain, dt } = read;
  const stream = random(seed, `${where}: teacher`),
    rotation = haarTimes(identity(units), stream),
    teacher = {
      w: { shape: rotation.shape, data: rotation.data.map((entry) => gain * entry) },
      wIn: normal(stream, units, external, 1 / Math.sqrt(external)),
      x0: zeros([1, units]),
      readout: normal(stream, outputs, units, 1 / Math.sqrt(units)),
    };
  const inputs = zerosFor(where, [trials, steps, external]),
    noises = random(seed, `${where}: inputs`);
  for (let i = 0; i < inputs.data.length; i++) inputs.data[i] = noises.normal();
  const namesOf = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name} ${i}`);
  return {
    kind: where,
    batch: { inputs, targets: answersOf(where, teacher, inputs, dt) },
    conditions: {},
    channels: { inputs: namesOf(external, "input"), targets: namesOf(outputs, "output") },
    dt,
    scored: "values",
    teacher,
    provenance: provenance(where, seed, read),
  };
}

function normal(stream: Random, rows: number, columns: number, std: number): Matrix {
  const out = zeros([rows, columns]);
  for (let i = 0; i < out.data.length; i++) out.data[i] = std * stream.normal();
  return out;
}

/** What the teacher answers, trial by trial. */
function answersOf(where: string, { w, wIn, readout }: LinearTeacher["teacher"], inputs: Tensor3, dt: number): Tensor3 {
  const [trials, steps, external] = inputs.shape,
    [outputs, units] = readout.shape,
    targets = zerosFor(where, [trials, steps, outputs]),
    x = new Float64Array(units),
    change = new Float64Array(units);
  for (let k = 0; k < trials; k++) {
    x.fill(0);
    for (let t = 0; t < steps; t++) {
      const row = k * steps + t;
      for (let i = 0; i < units; i++) {
        let sum = -x[i];
        for (let j = 0; j < units; j++) sum += w.data[i * units + j] * x[j];
        for (let j = 0; j < external; j++) sum += wIn.data[i * external + j] * inputs.data[row * external + j];
        change[i] = sum;
      }
      for (let i = 0; i < units; i++) x[i] += dt * change[i];
      for (let i = 0; i < outputs; i++)
        for (let j = 0; j < units; j++) targets.data[row * outputs + i] += readout.data[i * units + j] * x[j];
    }
  }
  return targets;
}
