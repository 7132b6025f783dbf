import { log } from "../base";
import type { CountGroup, CountGroups } from "./count-groups";
import { countsKernels } from "./counts-kernels";
import type { CountsKernels } from "./counts-set";
import type { PanelVisit } from "./model-pass";

/**
 * The loss of a count x under a model m:
 * - flat: `m - x log(m + 1e-10)`
 * - odds: `(ofZero + perCount x) log(1 + m) - x log(m + 1e-10)`
 * - exponential: `exp(m) - x m`
 * - logistic: `log(1 + exp(m)) - x m`
 */
export type CountsLoss =
  | { readonly kind: "flat" | "exponential" | "logistic" }
  | { readonly kind: "odds"; readonly ofZero: number; readonly perCount: 0 | 1 };

/** The loss of one entry and its derivative in m. */
interface EntryLoss {
  value(x: number, m: number): number;
  derivative(x: number, m: number): number;
}

/** Added to m where it is divided by, or in a logarithm. */
const floor = 1e-10;

/**
 * The visit of a pass over a model of counts: sums losses, and writes derivatives, by the kernels. Sums of logarithms
 * are logarithms of products, one for all counts of a value in a block.
 *
 * @param entry - for blocks where the model is out of the range of products
 */
export function countsVisit(
  groupsOf: CountGroups,
  loss: CountsLoss,
  entry: EntryLoss,
  kernels = countsKernels(),
): PanelVisit {
  const { workspace } = kernels,
    hasLink = loss.kind === "exponential" || loss.kind === "logistic";
  return (m, y, panel) =>
    workspace.within(() => {
      const count = panel.rows * panel.columns,
        groups = groupsOf(panel),
        sums = workspace.take(64, false),
        { f64 } = workspace,
        missing = groups.filter(({ x }) => x < 0),
        counted = groups.filter(({ x }) => x > 0);
      for (const group of missing) kernels.writeAt(m, group.places, group.count, hasLink ? -Infinity : 0); // f(m) is 0
      const ofAll = lossOfZeros(kernels, f64, loss, m, y, count, sums);
      let sum = ofAll;
      if (Number.isNaN(ofAll)) sum = oneByOne(f64, m / 8, y / 8, count, groups, entry);
      else for (const group of counted) sum -= termOf(kernels, f64, loss, m, y, group, sums);
      for (const group of missing) kernels.writeAt(y, group.places, group.count, 0);
      return sum;
    });
}

/** The loss of a block as if all its counts were 0, and its derivatives; NaN where its products leave their range. */
function lossOfZeros(
  kernels: CountsKernels,
  f64: Float64Array,
  loss: CountsLoss,
  m: number,
  y: number,
  count: number,
  sums: number,
): number {
  switch (loss.kind) {
    case "flat":
      return kernels.flat(y, m, count, sums) ? f64[sums / 8] + f64[sums / 8 + 1] : NaN;
    case "odds":
      return kernels.odds(y, m, count, loss.ofZero, sums) ? loss.ofZero * logOf(f64, sums / 8) : NaN;
    case "exponential":
      return kernels.exponential(y, m, count);
    case "logistic":
      return kernels.logistic(y, m, count);
  }
}

/** What counts of one value take from the loss; it is taken from the derivatives too. */
function termOf(
  kernels: CountsKernels,
  f64: Float64Array,
  loss: CountsLoss,
  m: number,
  y: number,
  { x, places, count }: CountGroup,
  sums: number,
): number {
  if (loss.kind === "exponential" || loss.kind === "logistic") return x * kernels.timesModel(y, m, places, count, x);
  kernels.overModel(y, m, places, count, x, floor, sums);
  const term = x * logOf(f64, sums / 8);
  if (loss.kind !== "odds" || loss.perCount === 0) return term;
  kernels.overModel(y, m, places, count, -x, 1, sums);
  return term - x * logOf(f64, sums / 8);
}

/** The logarithm of a product that a kernel left: mantissas and exponents, in two lanes each. */
function logOf(f64: Float64Array, at: number): number {
  return log(f64[at] * f64[at + 1]) + (f64[at + 2] + f64[at + 3]) * Math.LN2;
}

/** The same block entry by entry. */
function oneByOne(
  f64: Float64Array,
  m: number,
  y: number,
  count: number,
  groups: readonly CountGroup[],
  { value, derivative }: EntryLoss,
): number {
  const x = new Float64Array(count);
  for (const group of groups)
    for (const place of new Uint16Array(f64.buffer, group.places, group.count)) x[place] = group.x;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    if (x[k] < 0) continue;
    sum += value(x[k], f64[m + k]);
    f64[y + k] = derivative(x[k], f64[m + k]);
  }
  return sum;
}
