import type { LowTensorRankFit } from "../fit";
import { symmetricEigen } from "../linalg";
import { modeGram, zeros, type Matrix, type Tensor } from "../tensor";

/** One way in which every trial can differ by itself: the network and what drives it, so far along. */
export interface OwnChange {
  /** a small step, in the unit of `at` */
  readonly step: number;
  at(by: number): Pick<LowTensorRankFit, "model" | "inputs">;
}

/** Directions of initial states beyond so many are not looked at, nor those with less than this share of variance. */
const [mostStates, leastShare] = [8, 1e-3];

/** What trials have of their own: trial factors, sizes of inputs that change, and initial states where they differ. */
export function ownChanges(fit: LowTensorRankFit): readonly OwnChange[] {
  return [...factorChanges(fit), ...inputChanges(fit), ...stateChanges(fit)];
}

function factorChanges({ model, inputs, rank }: LowTensorRankFit): readonly OwnChange[] {
  const { c } = model.params,
    columns = c.shape[1];
  return Array.from({ length: rank }, (_, r) => ({
    step: stepOf(c, r),
    at(by) {
      const moved: Matrix = { shape: c.shape, data: c.data.map((x, i) => (i % columns === r ? x + by : x)) };
      return { model: model.with({ params: { c: moved } }), inputs };
    },
  }));
}

/** `d_r(k)` of inputs `d_r(k) v_r(t)`, v that of the trial's condition. */
function inputChanges({ model, inputs, changingInputs, trialConditions }: LowTensorRankFit): readonly OwnChange[] {
  if (!changingInputs) return [];
  const { columns, d, v } = changingInputs,
    [, time, count] = inputs.shape,
    changing = v.shape[2];
  return columns.map((column, r) => ({
    step: stepOf(d, r),
    at(by) {
      const data = inputs.data.slice();
      for (const [k, condition] of trialConditions.entries())
        for (let t = 0; t < time; t++)
          data[(k * time + t) * count + column] += by * v.data[(condition * time + t) * changing + r];
      return { model, inputs: { shape: inputs.shape, data } };
    },
  }));
}

/** Along the principal directions in which initial states deviate from those of their conditions. */
function stateChanges({ model, inputs, trialConditions, provenance }: LowTensorRankFit): readonly OwnChange[] {
  const { x0 } = model.params,
    { initialStates } = provenance.facts as { readonly initialStates?: { readonly kind?: unknown } };
  if (initialStates?.kind !== "trialStates") return [];
  const [trials, units] = x0.shape,
    { values, vectors } = symmetricEigen(modeGram(aboutMeans(x0, trialConditions), 1)),
    total = values.reduce((sum, value) => sum + Math.max(0, value), 0),
    directions = [...values.keys()].filter((p) => p < mostStates && values[p] > leastShare * total);
  return directions.map((p) => ({
    step: 1e-4 * Math.sqrt(total / trials),
    at(by) {
      const data = x0.data.map((x, i) => x + by * vectors.data[(i % units) * units + p]);
      return { model: model.with({ params: { x0: { shape: x0.shape, data } } }), inputs };
    },
  }));
}

/** Rows less the mean of their condition. */
function aboutMeans({ shape: [rows, columns], data }: Matrix, conditions: readonly number[]): Matrix {
  const count = Math.max(...conditions) + 1,
    means = zeros([count, columns]),
    sizes = new Float64Array(count);
  for (const condition of conditions) sizes[condition]++;
  data.forEach((x, i) => {
    const condition = conditions[Math.floor(i / columns)];
    means.data[condition * columns + (i % columns)] += x / sizes[condition];
  });
  return {
    shape: [rows, columns],
    data: data.map((x, i) => x - means.data[conditions[Math.floor(i / columns)] * columns + (i % columns)]),
  };
}

/** A ten thousandth of the root mean square of a column. */
function stepOf({ shape, data }: Tensor, column: number): number {
  const columns = shape[shape.length - 1];
  let squares = 0;
  for (let i = column; i < data.length; i += columns) squares += data[i] * data[i];
  return 1e-4 * (Math.sqrt(squares / (data.length / columns)) || 1);
}
