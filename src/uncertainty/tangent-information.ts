import type { LowTensorRankRNN } from "../models";
import { simulate } from "../run";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import { withoutPreparation, type LowTensorRankFit } from "../fit";
import type { NetworkSpan } from "./network-span";
import { spanSteps } from "./span-steps";
import type { Tangent } from "./tangent";

/** A fit and what it was made from; the model has columns of unit length. */
export interface Observations {
  readonly model: LowTensorRankRNN;
  readonly span: NetworkSpan;
  readonly fit: LowTensorRankFit;
  readonly activity: Tensor3;
  readonly mask: Tensor3;
}

/** The information of the activity about parameters, by the derivatives J of all observed outputs in them. */
export interface Information {
  /** J'J of every trial (trials × tangents × tangents) */
  readonly products: Tensor3;
  /** J' residual of every trial (trials × tangents) */
  readonly score: Matrix;
  /** the sum of squared residuals */
  readonly squares: number;
}

/**
 * The information in activity about tangents, which are the same in every trial, with trial factors c. Exact, by the
 * tangents of an Euler step: `s_{t+1} = s_t + alpha (-s_t + W^(k) phi'(x_t) s_t + drive_t)`.
 *
 * @remarks O(trials · time · coordinates · (units · outputs + tangents²)), with outputs = 1 where they are the units
 */
export function tangentInformation(
  { model, span, fit, activity, mask }: Observations,
  c: Matrix,
  tangents: readonly Tangent[],
): Information {
  const { inputs, conditions, dt, preparation } = fit,
    moved = withFactors(model, c),
    { states, outputs } = simulate(moved, inputs, { dt, conditions }),
    fitted = withoutPreparation(outputs, preparation),
    steps = spanSteps(moved, span),
    alpha = dt / (moved.setting.tau as number), // as checkFit asks
    [trials, time, channels] = inputs.shape,
    { units, rank: components } = moved,
    seen = activity.shape[2],
    width = span.columns.shape[1],
    count = tangents.length,
    products = zeros([trials, count, count]),
    score = zeros([trials, count]);
  let squares = 0;
  for (let trial = 0; trial < trials; trial++) {
    const into = products.data.subarray(trial * count * count, (trial + 1) * count * count),
      gradient = score.data.subarray(trial * count, (trial + 1) * count),
      factors = moved.params.c.data.subarray(trial * components, (trial + 1) * components),
      stateAt = (t: number) =>
        states.data.subarray((trial * (time + 1) + t) * units, (trial * (time + 1) + t + 1) * units);
    const z = new Float64Array(width * count),
      drive = new Float64Array(width * count);
    tangents.forEach(({ start }, s) => {
      if (start) z[start[0] * count + s] = start[1];
    });
    steps.at(stateAt(0));
    for (let t = 0; t < time; t++) {
      drive.fill(0);
      const u = inputs.data.subarray((trial * time + t) * channels, (trial * time + t + 1) * channels),
        at = { step: t, latent: steps.latent, inputs: u, factors };
      tangents.forEach((tangent, s) => {
        tangent.drive?.(at, (coordinate, amount) => {
          drive[coordinate * count + s] += amount;
        });
      });
      for (let r = 0; r < components; r++)
        addRow(drive, r, factors[r], steps.recurrent.data.subarray(r * width, (r + 1) * width), z, count);
      for (let q = 0; q < steps.fixed.shape[0]; q++)
        addRow(drive, components + span.inputs + q, 1, steps.fixed.data.subarray(q * width, (q + 1) * width), z, count);
      for (let index = 0; index < z.length; index++) z[index] += alpha * (drive[index] - z[index]);
      steps.at(stateAt(t + 1));
      if (t < preparation) continue; // nothing is recorded yet
      const entry = (trial * (time - preparation) + t - preparation) * seen;
      squares += seeOutputs(steps.readout(), width, activity, fitted, mask, entry, z, into, gradient);
    }
    for (let s = 0; s < count; s++) for (let q = s + 1; q < count; q++) into[s * count + q] = into[q * count + s];
  }
  return { products, score, squares };
}

/** The network with these trial factors, beside those of its static part, (trials × rank). */
function withFactors(model: LowTensorRankRNN, c: Matrix): LowTensorRankRNN {
  const all = model.params.c,
    [trials, components] = all.shape,
    rank = c.shape[1],
    data = all.data.slice();
  for (let k = 0; k < trials; k++) data.set(c.data.subarray(k * rank, (k + 1) * rank), k * components);
  return model.with({ params: { c: { shape: all.shape, data } } });
}

/** A row of the drive: a row of a matrix times the tangents. */
function addRow(
  drive: Float64Array,
  row: number,
  scale: number,
  weights: Float64Array,
  z: Float64Array,
  count: number,
): void {
  for (let d = 0; d < weights.length; d++) {
    const weight = scale * weights[d];
    for (let s = 0, at = row * count; s < count; s++, at++) drive[at] += weight * z[d * count + s];
  }
}

/** Adds J'J (its lower triangle) and J' residual of one bin. @returns the sum of its squared residuals */
function seeOutputs(
  readout: Float64Array,
  width: number,
  activity: Tensor3,
  outputs: Tensor3,
  mask: Tensor3,
  begin: number,
  z: Float64Array,
  into: Float64Array,
  gradient: Float64Array,
): number {
  const count = gradient.length,
    metric = new Float64Array(width * width),
    pull = new Float64Array(width);
  let squares = 0;
  for (let n = 0, at = begin; n < readout.length / width; n++, at++) {
    if (mask.data[at] === 0) continue;
    const residual = activity.data[at] - outputs.data[at];
    squares += residual * residual;
    for (let d = 0; d < width; d++) {
      const weight = readout[n * width + d];
      pull[d] += weight * residual;
      for (let e = 0; e <= d; e++) metric[d * width + e] += weight * readout[n * width + e];
    }
  }
  const seen = new Float64Array(count);
  for (let d = 0; d < width; d++) {
    seen.fill(0);
    for (let e = 0; e < width; e++) {
      const weight = e <= d ? metric[d * width + e] : metric[e * width + d];
      for (let s = 0, from = e * count; s < count; s++, from++) seen[s] += weight * z[from];
    }
    for (let s = 0; s < count; s++) {
      const weight = z[d * count + s];
      if (weight === 0) continue;
      gradient[s] += weight * pull[d];
      for (let q = 0, to = s * count; q <= s; q++, to++) into[to] += weight * seen[q];
    }
  }
  return squares;
}
