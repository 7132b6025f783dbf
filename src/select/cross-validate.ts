import { fail, inNameOf, last, provenance, show, type Provenance, type Status } from "../base";
import type { Tensor } from "../tensor";
import type { Executor } from "./executor";
import type { Grid } from "./grid";
import { jobsOf, type GridJob } from "./grid-job";
import { planGrid, type CrossValidateOptions, type GridPlan } from "./grid-plan";
import { inProcess } from "./in-process";
import { isRow, openJournal } from "./journal";
import { chooseFrom, type GridChoice } from "./one-standard-error";
import type { GridRow } from "./run-grid-job";

/** The state of a grid: progress, rows so far, and at the end the choice. Plain data. */
export interface CrossValidation {
  /** finished cells, in the order of the grid, those of the journal included */
  readonly rows: readonly GridRow[];
  /** the row that came last; null before the first of this run */
  readonly latest: GridRow | null;
  readonly done: number;
  readonly total: number;
  /** rows read from the journal, and lines of it that were incomplete or damaged */
  readonly resumed: number;
  readonly dropped: number;
  /** at the pace of this run; null before the first row */
  readonly secondsLeft: number | null;
  /** by {@link oneStandardError}; null while the grid runs, and where nothing is scored */
  readonly choice: GridChoice | null;
  /** "converged" when every cell has its row */
  readonly status: Status;
  readonly provenance: Provenance;
}

/**
 * Fit every point of a grid to every fold of the data, and choose the simplest that is within one standard error of the
 * best. A fold holds out boxes of entries: one set to stop and choose by, another for the score that is reported.
 *
 * Cells are plain jobs. They run in this process unless `executor` says where: `threadExecutor` of `ltrnn/node`,
 * `bullmqExecutor` of `ltrnn/bullmq`. A cell that fails is a row with its reason. With a `journal`, a grid that was
 * stopped continues where it was.
 *
 * @param data - activity (trials × time × neurons) for fits, a tensor of two modes or more for CP; NaN where missing
 * @param grid - axes, and the options that all cells share; or several grids, simplest first, on the same boxes
 * @throws {@link LtrnnError} for an empty grid, unknown names in it, folds that leave a slice without training entries,
 * or the journal of another grid or version
 * @remarks Rows are kept in memory, fits are not. Numbers do not depend on the executor or on the order in which cells
 * finish.
 * @example (await crossValidate(tensor([2, 4], [1, 2, 3, 4, 2, 4, 6, 8]), { model: "cp", axes: { rank: [0, 1] } },
 * { folds: 2, boxes: { half: [0, 0], test: 0.2, validation: 0.2 } })).choice?.axes.rank // 1
 */
export function crossValidate(
  data: Tensor,
  grid: Grid | readonly Grid[],
  options: CrossValidateOptions = {},
): Promise<CrossValidation> {
  return last(runGrid("crossValidate", data, grid, options));
}

/**
 * The stepwise form of {@link crossValidate}: it yields as every cell finishes.
 *
 * @throws {@link LtrnnError} as crossValidate
 * @example (await last(crossValidateSteps(tensor([2, 4], [1, 2, 3, 4, 2, 4, 6, 8]), { model: "cp", axes: { rank: [0,
 * 1] } }, { folds: 2, boxes: { half: [0, 0], test: 0.2, validation: 0.2 } }))).total // 4
 */
export function crossValidateSteps(
  data: Tensor,
  grid: Grid | readonly Grid[],
  options: CrossValidateOptions = {},
): AsyncGenerator<CrossValidation> {
  return runGrid("crossValidateSteps", data, grid, options);
}

/**
 * The jobs of a grid, one by one, for a custom executor, such as a job array on a cluster.
 *
 * @returns a generator: each job is made when it is requested
 * @throws {@link LtrnnError} as crossValidate
 * @example [...gridJobs(tensor([2, 4], [1, 2, 3, 4, 2, 4, 6, 8]), { model: "cp", axes: { rank: [0, 1] } }, { folds: 2,
 * boxes: { half: [0, 0], test: 0.2, validation: 0.2 } })].length // 4
 */
export function gridJobs(
  data: Tensor,
  grid: Grid | readonly Grid[],
  options: CrossValidateOptions = {},
): Generator<GridJob> {
  const { grids, folds, name, data: named } = planGrid("gridJobs", data, grid, options);
  return jobsOf(grids, folds, name, named);
}

/** A grid, cell by cell, for the public function `where`. */
export async function* runGrid(
  where: string,
  data: Tensor,
  grid: Grid | readonly Grid[],
  options: CrossValidateOptions,
): AsyncGenerator<CrossValidation> {
  const plan = planGrid(where, data, grid, options),
    { total, name, journal, signal } = plan,
    executor: Executor = plan.executor ?? inProcess();
  const open = journal ? await openJournal(where, journal, name) : undefined,
    rows: (GridRow | undefined)[] = new Array(total);
  for (const [cell, row] of open?.rows ?? []) if (cell < total) rows[cell] = row;
  const resumed = rows.filter((row) => row !== undefined).length,
    begun = now();
  let done = resumed;
  const state = (latest: GridRow | null, status: Status): CrossValidation => {
    const finished = rows.filter((row) => row !== undefined),
      pace = (now() - begun) / (done - resumed);
    return {
      rows: finished,
      latest,
      done,
      total,
      resumed,
      dropped: open?.dropped ?? 0,
      secondsLeft: done === total ? 0 : done > resumed ? (pace * (total - done)) / 1000 : null,
      choice: status === "running" ? null : chooseFrom(finished, plan.errors),
      status,
      provenance: describe(plan),
    };
  };
  if (done > 0 && done < total) yield state(null, signal?.aborted ? "aborted" : "running");
  if (done < total && !signal?.aborted) {
    const waiting = without(jobsOf(plan.grids, plan.folds, name, plan.data), rows),
      context = { data: { [plan.data.name]: plan.tensor }, ...(signal ? { signal } : {}) };
    const stream = rowsOf(where, executor.run(waiting, context));
    try {
      for (;;) {
        const { value: row, done: ended } = await inNameOf(where, () => stream.next());
        if (ended) break;
        checkRow(where, row, rows);
        rows[row.cell] = row;
        done++;
        await open?.append(row);
        if (done < total) yield state(row, "running");
      }
    } finally {
      await stream.return?.();
    }
    if (done < total && !signal?.aborted)
      fail(where, {
        expected: `rows of all ${total} cells from the executor`,
        got: `${done}`,
        fix: "Let its run give one row for every job.",
      });
  }
  yield state(null, done < total ? "aborted" : "converged");
}

/** The result of an executor's run, which has to be a stream. */
function rowsOf(where: string, stream: unknown): AsyncIterator<GridRow> {
  const open: unknown = (stream as AsyncIterable<GridRow> | null | undefined)?.[Symbol.asyncIterator];
  if (typeof open !== "function")
    fail(where, {
      expected: "an async stream of rows from the executor",
      got: show(stream),
      fix: "Make its run an async generator.",
    });
  return open.call(stream) as AsyncIterator<GridRow>;
}

const now = (): number => performance.now();

/** The jobs whose cells have no row yet. */
function* without(jobs: Iterable<GridJob>, rows: readonly (GridRow | undefined)[]): Generator<GridJob> {
  const had = rows.map((row) => row !== undefined);
  for (const job of jobs) if (!had[job.cell]) yield job;
}

function checkRow(where: string, row: unknown, rows: readonly (GridRow | undefined)[]): asserts row is GridRow {
  const got = !isRow(row)
    ? "something else"
    : row.cell >= rows.length
      ? `one of cell ${row.cell} of ${rows.length}`
      : rows[row.cell]
        ? `another one of cell ${row.cell}`
        : undefined;
  if (got)
    fail(where, {
      expected: "rows of its jobs, one of each, from the executor",
      got,
      fix: "Give what runGridJob gives.",
    });
}

const describe = ({ grids, folds, seed, errors, data, tensor }: GridPlan): Provenance =>
  provenance(
    "crossValidate",
    seed,
    {
      grids: grids.map(({ model, axes, options }) => ({ model, axes, options })),
      folds: folds.length,
      boxes: folds,
      errors,
    },
    { data: data.checksum, shape: [...tensor.shape] },
  );
