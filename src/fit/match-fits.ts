import { fail, failingAs, isRecord, show } from "../base";
import { bestAssignment } from "../factored";
import { checkNetwork, type LowTensorRankRNN } from "../models";
import { simulate } from "../run";
import { checkTensor, matmul, slice, type Matrix, type Tensor3, type Vector } from "../tensor";

/** What of a fit is compared. */
export interface FittedNetwork {
  readonly model: LowTensorRankRNN;
  /** components that change over trials: the first columns of the factors; absent: all */
  readonly rank?: number;
  /** what drove it (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** row of x0 that each trial takes */
  readonly conditions: readonly number[];
  readonly dt: number;
}

/** How well a component of one fit agrees with its partner in the other: cosines, without their sign. */
export interface ComponentMatch {
  /** of the column factors after the readout and the gain, if there are any */
  readonly column: number;
  /**
   * of the row factors by their projections `b_r' phi(x)` at every trial and time: activity does not determine a row
   * factor outside the span of the rates
   */
  readonly row: number;
  /** of the trial factors */
  readonly trialFactor: number;
  /** of the trial factors less their means: two large constants always agree */
  readonly change: number;
}

/** Which components of two fits belong together, and how well they match. Plain data. */
export interface FitMatch {
  /** mean over components of column × row × trialFactor; 1 is a perfect match */
  readonly score: number;
  /** component `assignment[r]` of the second fit belongs to component r of the first */
  readonly assignment: readonly number[];
  /** of each component of the first with its partner */
  readonly components: readonly ComponentMatch[];
}

/**
 * How well two fits of the same trials agree, component by component, under the best assignment, found exactly. Order,
 * scale and signs of components do not matter, nor does the order of hidden units.
 *
 * @param a - a fit, or its { model, rank, inputs, conditions, dt }
 * @param b - another one, of the same rank, trials, time bins and neurons
 * @throws {@link LtrnnError} when their sizes differ
 * @remarks A simulation of each, and O(rank² · trials · time).
 * @see Acar, Dunlavy, Kolda & Mørup (2011), Scalable tensor factorizations for incomplete data, Chemometr. Intell. Lab.
 * 106, section 4, for the score
 * @example matchFits(await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2,
 * starts: 1 } }), await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2,
 * starts: 1 } })).assignment // [0]
 */
export function matchFits(a: FittedNetwork, b: FittedNetwork): FitMatch {
  return matcherOf(a)(b);
}

/** Compares fits with one, which is run once. */
export function matcherOf(a: FittedNetwork): (b: FittedNetwork) => FitMatch {
  const where = "matchFits",
    seen = seenOf(where, "a", a);
  return (b) => matchSeen(where, seen, seenOf(where, "b", b));
}

/** The factors of a fit in forms that do not depend on how hidden units are numbered, one column per component. */
interface Seen {
  readonly column: Matrix;
  readonly row: Matrix;
  readonly trialFactor: Matrix;
  readonly change: Matrix;
}

function seenOf(where: string, name: string, fit: FittedNetwork): Seen {
  if (!isRecord(fit))
    fail(where, {
      expected: `${name} to be a fit { model, inputs, conditions, dt }`,
      got: show(fit),
      fix: "Pass what fitLowTensorRank gave.",
    });
  const { model, inputs, conditions, dt } = fit;
  checkNetwork(where, model);
  checkTensor(where, `${name}.inputs`, inputs, 3);
  const { a, b, c, readout, readoutGain } = model.params,
    { rank = a?.shape[1] } = fit;
  if (!a || !b || !c || !Number.isInteger(rank) || rank < 1 || rank > a.shape[1])
    fail(where, {
      expected: `${name} to be the fit of a LowTensorRankRNN, with rank from 1 to its components`,
      got: a ? show(rank) : "another network",
      fix: "Pass what fitLowTensorRank gave.",
    });
  const { rates } = failingAs(where, () => simulate(model, inputs, { dt, conditions })),
    units = a.shape[0],
    [column, row, trialFactor] = [a, b, c].map((factor) => slice(factor, [undefined, [0, rank]]));
  return {
    column: withGain(readout ? matmul(readout, column) : column, readoutGain),
    row: matmul({ shape: [rates.data.length / units, units], data: rates.data }, row),
    trialFactor,
    change: centered(trialFactor),
  };
}

/** Rows times the gain of each neuron, where there is one. */
const withGain = (x: Matrix, gain: Vector | undefined): Matrix =>
  gain ? { shape: x.shape, data: x.data.map((value, i) => gain.data[Math.floor(i / x.shape[1])] * value) } : x;

const modes = ["column", "row", "trialFactor", "change"] as const;

/** The match of two fits, by what is seen of them. */
function matchSeen(where: string, p: Seen, q: Seen): FitMatch {
  for (const mode of modes)
    if (p[mode].shape.join() !== q[mode].shape.join())
      fail(where, {
        expected:
          "two fits of one rank, of the same trials, bins and neurons, " +
          `with ${mode}s (${p[mode].shape.join(" × ")})`,
        got: `(${q[mode].shape.join(" × ")})`,
        fix: "Compare fits of the same recording and rank.",
      });
  const rank = p.column.shape[1],
    cosines = Object.fromEntries(modes.map((mode) => [mode, cosinesOf(p[mode], q[mode])]));
  const agreement = (r: number, s: number) => cosines.column[r][s] * cosines.row[r][s] * cosines.trialFactor[r][s];
  const all = Array.from({ length: rank }, (_, r) => Array.from({ length: rank }, (_, s) => agreement(r, s))),
    assignment = bestAssignment(all);
  return {
    score: assignment.reduce((sum, s, r) => sum + all[r][s], 0) / rank,
    assignment,
    components: assignment.map(
      (s, r): ComponentMatch => ({
        column: cosines.column[r][s],
        row: cosines.row[r][s],
        trialFactor: cosines.trialFactor[r][s],
        change: cosines.change[r][s],
      }),
    ),
  };
}

/** Absolute cosines between all columns of two matrices; 0 where one is a column of zeros. */
function cosinesOf(x: Matrix, y: Matrix): number[][] {
  const [rows, rank] = x.shape;
  const inner = (p: Matrix, r: number, q: Matrix, s: number) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += p.data[i * rank + r] * q.data[i * rank + s];
    return sum;
  };
  return Array.from({ length: rank }, (_, r) =>
    Array.from({ length: rank }, (_, s) => {
      const product = inner(x, r, y, s);
      return product === 0 ? 0 : Math.abs(product) / Math.sqrt(inner(x, r, x, r)) / Math.sqrt(inner(y, s, y, s));
    }),
  );
}

/** Columns less their means. */
function centered(x: Matrix): Matrix {
  const [rows, columns] = x.shape,
    means = new Float64Array(columns);
  x.data.forEach((value, i) => {
    means[i % columns] += value / rows;
  });
  return { shape: x.shape, data: x.data.map((value, i) => value - means[i % columns]) };
}
