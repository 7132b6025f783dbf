import { fail, readOptions, show, type FieldsOf, failingAs } from "../base";
import { checkLabels, labelRows, type Label, type Labels } from "../masks";
import { checkFinite, checkTensor3, zeros, type Matrix, type Tensor3 } from "../tensor";
import { r2Score } from "./r2-score";
import { applyMap, centeredProducts, ridgeRegression } from "./ridge-regression";

/** Rates, and what is decoded from them, bin by bin. */
export interface Decodable {
  /** (trials × time × neurons) */
  readonly rates: Tensor3;
  /** (trials × time × channels), such as the velocity of a hand; bins that are NaN in all channels are left out */
  readonly behavior: Tensor3;
  /** a label per trial: trials of one group have a decoder of their own. Absent: all are of one group */
  readonly groups?: Labels;
}

/** How a decoder is chosen. */
export interface DecodingOptions {
  /** ridge penalties to choose from; default nine from 1e-4 to 1, as in nlb_tools */
  readonly strengths?: readonly number[];
  /** blocks of samples to choose by; default 5 */
  readonly folds?: number;
}

/** How well behavior is decoded. */
export interface Decoding {
  /** the mean over groups of R², itself the mean over channels */
  readonly r2: number;
  readonly groups: readonly { readonly label: Label; readonly r2: number; readonly strength: number }[];
}

const decodableFields = {
  rates: { is: "checked", check: checkTensor3, needed: true },
  behavior: { is: "checked", check: checkTensor3, needed: true },
  groups: { is: "checked", check: checkLabels },
} as const satisfies FieldsOf<Decodable>;

const strengthsOfBenchmark = [
  1e-4, 0.00031622776601683794, 1e-3, 0.0031622776601683794, 0.01, 0.03162277660168379, 0.1, 0.31622776601683794, 1,
] as const;

const fields = {
  strengths: { is: "list", of: { is: "number", above: 0 }, fallback: strengthsOfBenchmark },
  folds: { is: "whole number", least: 2, most: 1000, fallback: 5 },
} as const satisfies FieldsOf<DecodingOptions>;

/**
 * How well behavior, such as hand velocity, is decoded from rates by ridge regression: learned on `train`, its penalty
 * chosen there by blocks of samples in turn, scored on `test` by R².
 *
 * @throws {@link LtrnnError} when sizes differ, numbers are not finite, or a group has fewer samples than folds
 * @remarks O(samples · neurons² · folds + penalties · folds · neurons³).
 * @see Pei et al. (2021), Neural Latents Benchmark '21, NeurIPS datasets; Hoerl & Kennard (1970), Technometrics 12
 * @example decodingR2({ rates: tensor([1, 6, 1], [1, 2, 3, 5, 4, 6]), behavior: tensor([1, 6, 1], [1, 2, 3, 5, 4, 6])
 * }, { rates: tensor([1, 2, 1], [1, 2]), behavior: tensor([1, 2, 1], [1, 2]) }, { folds: 2 }).r2 > 0.99 // true
 */
export function decodingR2(train: Decodable, test: Decodable, options: DecodingOptions = {}): Decoding {
  const where = "decodingR2",
    { strengths, folds } = readOptions<DecodingOptions, typeof fields>(where, options, fields),
    from = samplesOf(where, "train", train),
    to = samplesOf(where, "test", test);
  if (strengths.length === 0 || strengths.length > 1000)
    fail(where, { expected: "1 to 1000 strengths", got: String(strengths.length), fix: "Pass such as [0.01, 1]." });
  for (const name of ["x", "y"] as const)
    if (from[name].shape[1] !== to[name].shape[1])
      fail(where, {
        expected: `${from[name].shape[1]} ${name === "x" ? "neurons" : "channels"} in test, as in train`,
        got: String(to[name].shape[1]),
        fix: "Pass the same ones in both.",
      });
  const groups = [...from.rows.keys()].map((label) => {
    const rows = from.rows.get(label) ?? [],
      tests = to.rows.get(label) ?? [];
    if (rows.length < Math.max(2, folds) || tests.length < 2)
      fail(where, {
        expected: `at least ${Math.max(2, folds)} samples of every group in train, and 2 in test`,
        got: `${rows.length} and ${tests.length} of group ${show(label)}`,
        fix: "Pass more samples, or fewer groups and folds.",
      });
    const strength =
      strengths.length === 1 ? strengths[0] : failingAs(where, () => chosen(from.x, from.y, rows, strengths, folds));
    return { label, strength, r2: failingAs(where, () => scored(from, rows, to, tests, [strength])[0]) };
  });
  const unknown = [...to.rows.keys()].find((label) => !from.rows.has(label));
  if (unknown !== undefined)
    fail(where, { expected: "groups of train in test", got: show(unknown), fix: "Leave that group out." });
  const r2 = groups.reduce((sum, group) => sum + group.r2, 0) / groups.length;
  if (!Number.isFinite(r2))
    fail(where, { expected: "numbers of a moderate size", got: "an R² that overflows", fix: "Rescale rates." });
  return { r2, groups };
}

interface Samples {
  readonly x: Matrix;
  readonly y: Matrix;
  /** samples with behavior, by group */
  readonly rows: ReadonlyMap<Label, readonly number[]>;
}

/** Every bin of every trial is a sample. */
function samplesOf(where: string, name: string, given: Decodable): Samples {
  const { rates, behavior, groups } = readOptions<Decodable, typeof decodableFields>(
      where,
      given ?? (null as never),
      decodableFields,
      name,
    ),
    [trials, time, neurons] = rates.shape,
    channels = behavior.shape[2];
  if (behavior.shape[0] !== trials || behavior.shape[1] !== time || channels === 0 || neurons === 0)
    fail(where, {
      expected: `${name}.behavior (${trials} × ${time} × channels), as ${name}.rates, of at least one neuron`,
      got: behavior.shape.join(" × "),
      fix: "Bring behavior to the bins of the rates.",
    });
  const { rows: rowOf, labels } = labelRows(where, `${name}.groups`, groups, trials);
  const rows = new Map<Label, number[]>(),
    known: Tensor3 = zeros(behavior.shape),
    read: Tensor3 = zeros(rates.shape);
  for (let i = 0; i < trials * time; i++) {
    if (behavior.data.subarray(i * channels, (i + 1) * channels).every(Number.isNaN)) continue;
    known.data.fill(1, i * channels, (i + 1) * channels);
    read.data.fill(1, i * neurons, (i + 1) * neurons);
    const label = labels[rowOf[Math.floor(i / time)]];
    const members = rows.get(label);
    if (members) members.push(i);
    else rows.set(label, [i]);
  }
  checkFinite(where, `${name}.behavior`, behavior, known);
  checkFinite(where, `${name}.rates`, rates, read);
  if (rows.size === 0)
    fail(where, { expected: `samples in ${name}`, got: "none", fix: "Pass behavior that is not NaN." });
  return {
    x: { shape: [trials * time, neurons], data: rates.data },
    y: { shape: [trials * time, channels], data: behavior.data },
    rows,
  };
}

/** R² on some samples of linear maps that were learned on others, one map for each strength. */
function scored(
  from: Pick<Samples, "x" | "y">,
  rows: readonly number[],
  to: Pick<Samples, "x" | "y">,
  tests: readonly number[],
  strengths: readonly number[],
): readonly number[] {
  const products = centeredProducts(from.x, from.y, rows),
    channels = to.y.shape[1],
    truth: Matrix = zeros([tests.length, channels]);
  tests.forEach((i, row) => {
    truth.data.set(to.y.data.subarray(i * channels, (i + 1) * channels), row * channels);
  });
  return strengths.map((strength) => r2Score(truth, applyMap(ridgeRegression(products, strength), to.x, tests)));
}

/** The strength with the best mean over blocks of samples; of equal ones the first. */
function chosen(x: Matrix, y: Matrix, rows: readonly number[], strengths: readonly number[], folds: number): number {
  const sums = new Float64Array(strengths.length),
    size = Math.floor(rows.length / folds),
    longer = rows.length % folds;
  for (let fold = 0, start = 0; fold < folds; fold++) {
    const end = start + size + (fold < longer ? 1 : 0),
      others = [...rows.slice(0, start), ...rows.slice(end)];
    scored({ x, y }, others, { x, y }, rows.slice(start, end), strengths).forEach((r2, s) => {
      sums[s] += r2;
    });
    start = end;
  }
  return strengths[sums.reduce((best, sum, i) => (sum > sums[best] ? i : best), 0)];
}
