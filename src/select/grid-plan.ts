import { checksum, fail, readOptions, type FieldsOf } from "../base";
import type { Boxes } from "../masks";
import { checkMask, checkTensor, type Tensor } from "../tensor";
import { checkExecutor, type Executor } from "./executor";
import { drawFolds, foldBoxesFields, type FoldBoxes } from "./fold-boxes";
import { checkData, gridName, readGrids, type Grid, type ReadGrid } from "./grid";
import { cellCount, type GridJob } from "./grid-job";
import { checkJournal, type Journal } from "./journal";

/** How a grid is run. */
export interface CrossValidateOptions {
  /** default 5 */
  readonly folds?: number;
  /** the boxes that every fold holds out; defaults in {@link FoldBoxes} */
  readonly boxes?: FoldBoxes;
  /** (as data) 1 observed, 0 missing, beside entries that are NaN; default all that are not */
  readonly mask?: Tensor;
  /** of the boxes; default 0 */
  readonly seed?: number;
  /** where cells are computed; default {@link inProcess} */
  readonly executor?: Executor;
  /** where finished cells are kept; default nowhere */
  readonly journal?: Journal;
  /** the name of the data in jobs; default "data" */
  readonly name?: string;
  /** standard errors that a simpler point may be below the best; default 1 */
  readonly errors?: number;
  /** stops the grid, with the status "aborted" and the rows so far; default none */
  readonly signal?: AbortSignal;
}

/** Options of every run of a grid. */
export const gridRunFields = {
  folds: { is: "whole number", least: 1, most: 10_000, fallback: 5 },
  boxes: { is: "record", of: foldBoxesFields, fallback: {} },
  mask: { is: "checked", check: (where, name, value) => checkMask(where, name, value, (value as Tensor)?.shape ?? []) },
  seed: { is: "seed", fallback: 0 },
  executor: { is: "checked", check: checkExecutor },
  journal: { is: "checked", check: checkJournal },
  errors: { is: "number", least: 0, most: 100, fallback: 1 },
  signal: { is: "AbortSignal" },
} as const satisfies FieldsOf<Omit<CrossValidateOptions, "name">>;

const fields = () =>
  ({ ...gridRunFields, name: { is: "text", fallback: "data" } }) as const satisfies FieldsOf<CrossValidateOptions>;

/** A grid that is ready to run. */
export interface GridPlan extends Pick<CrossValidateOptions, "executor" | "journal" | "signal"> {
  /** NaN where nothing was observed */
  readonly tensor: Tensor;
  readonly grids: readonly ReadGrid[];
  readonly folds: readonly Boxes[];
  readonly total: number;
  /** the name of this grid on these data */
  readonly name: string;
  readonly data: GridJob["data"];
  readonly seed: number;
  readonly errors: number;
}

/** Check a call completely, before any cell is run. */
export function planGrid(
  where: string,
  data: Tensor,
  grid: Grid | readonly Grid[],
  options: CrossValidateOptions,
): GridPlan {
  const {
      folds: count,
      boxes,
      mask,
      seed,
      name,
      errors,
      executor,
      journal,
      signal,
    } = readOptions<CrossValidateOptions, ReturnType<typeof fields>>(where, options, fields()),
    tensor = masked(where, data, mask as Tensor | undefined);
  const grids = readGrids(where, grid, tensor, (executor as Executor | undefined) ?? {}),
    folds = grids.every(({ whole }) => whole) ? [] : drawFolds(where, tensor, count, boxes as FoldBoxes, seed),
    sum = checksum(tensor.data);
  return {
    tensor,
    grids,
    folds,
    total: cellCount(grids, folds.length),
    name: gridName({ grids, folds, data: sum, shape: [...tensor.shape] }),
    data: { name, checksum: sum },
    seed,
    errors,
    ...(executor ? { executor: executor as Executor } : {}),
    ...(journal ? { journal: journal as Journal } : {}),
    ...(signal ? { signal: signal as AbortSignal } : {}),
  };
}

function masked(where: string, data: Tensor, mask: Tensor | undefined): Tensor {
  checkTensor(where, "data", data);
  if (data.shape.length < 2)
    fail(where, { expected: "data of two modes or more", got: String(data.shape.length), fix: "Pass a tensor." });
  if (mask) checkMask(where, "mask", mask, data.shape, "data");
  const seen = mask
    ? { shape: data.shape, data: data.data.map((x, at) => (mask.data[at] === 0 ? Number.NaN : x)) }
    : data;
  checkData(where, seen);
  return seen;
}
