import { fail, show, type FieldsOf } from "../base";
import { checkMemory, type Extrapolation } from "../decompose";
import { checkFinite, checkTensor, type Tensor } from "../tensor";
import { checkSliceTca } from "./invariance";
import type { SliceTca, SliceTcaResult } from "./slice-model";

/** Options of {@link sliceTca}. */
export interface SliceTcaOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** a model to start from, or an earlier result, which is resumed; default: the best of `starts` */
  readonly start?: SliceTca;
  /**
   * number of starts that are run to their ends, of which the best is kept: the first without components, others
   * random; default 3
   */
  readonly starts?: number;
  /** most sweeps of each start; default 500 */
  readonly sweeps?: number;
  /** converged when a sweep lowers the residual's norm by no more than this times that of what varies; default 1e-8 */
  readonly tolerance?: number;
  /**
   * (as x) 1 observed, 0 missing. Missing entries are never read, but taken from the model before each kind
   * (expectation maximization); default all observed
   */
  readonly mask?: Tensor;
  /** whether all vectors and slices are non-negative; default false */
  readonly nonNegative?: boolean;
}

/** Every option of sliceTca: its values and its default. */
export const sliceTable = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: (where, _, value) => checkStart(where, value as SliceTca) },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
  mask: { is: "checked", check: (where, name, value) => checkTensor(where, name, value as Tensor) },
  nonNegative: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<SliceTcaOptions>;

/** Refuse a start that is not a model, or an earlier result that was changed by hand. */
function checkStart(where: string, start: SliceTca): void {
  checkSliceTca(where, start);
  if (!("raw" in start)) return;
  const { raw, extrapolation } = start as Partial<SliceTcaResult>,
    model = { components: raw as SliceTca["components"] },
    shapes = ({ components }: SliceTca) => components.map(({ vectors }) => vectors.shape.join(" × ")).join(", ");
  checkSliceTca(where, model);
  if (shapes(model) !== shapes(start))
    fail(where, {
      expected: `start.raw with vectors ${shapes(start)}, as start`,
      got: shapes(model),
      fix: "Pass a result of sliceTca as start, as it was, or its components.",
    });
  // the first results had none
  if (extrapolation !== undefined) checkExtrapolation(where, extrapolation, model.components);
}

/** Refuse a memory that the sweeps of this model cannot have made. */
function checkExtrapolation(where: string, memory: Extrapolation, components: SliceTca["components"]): void {
  const refuse = (expected: string, got: unknown): never =>
    fail(where, { expected, got: show(got), fix: "Pass a result of sliceTca as start, as it was, or its components." });
  checkMemory(refuse, memory, 0);
  const { previous } = memory,
    flat = components.flatMap(({ vectors, slices }) => [
      vectors.shape,
      [slices.shape[0], slices.data.length / Math.max(1, slices.shape[0])],
    ]);
  if (!Array.isArray(previous) || previous.length !== flat.length)
    refuse(`start.extrapolation.previous to be ${flat.length} matrices`, previous);
  for (const [i, m] of previous.entries()) {
    checkTensor(where, `start.extrapolation.previous[${i}]`, m, 2);
    if (m.shape[0] !== flat[i][0] || (m.shape[0] > 0 && m.shape[1] !== flat[i][1]))
      refuse(`start.extrapolation.previous[${i}] of shape ${flat[i].join(" × ")}`, m.shape.join(" × "));
    checkFinite(where, `start.extrapolation.previous[${i}]`, m);
  }
}
