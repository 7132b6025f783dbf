import { fail, provenance, show } from "../base";
import { toJson } from "../data";
import type { CrossValidation } from "./cross-validate";
import { checkJob, type GridJob } from "./grid-job";
import { isRow } from "./journal";
import { chooseFrom } from "./one-standard-error";
import type { GridRow } from "./run-grid-job";

/**
 * The result of a grid whose cells were run elsewhere, such as by a job array on a cluster: jobs and rows in any order.
 *
 * @param jobs - all jobs of one grid, or as many as are known
 * @param rows - the results of {@link runGridJob}; where some are missing, the status is "aborted"
 * @throws {@link LtrnnError} for jobs of different grids, or rows that belong to none of them
 * @example collectGrid([...gridJobs(tensor([2, 4], [1, 2, 3, 4, 2, 4, 6, 8]), { model: "cp", axes: { rank: [0] } },
 * { folds: 1, boxes: { half: [0, 0], test: 0.2, validation: 0.2 } })], []).status // "aborted"
 */
export function collectGrid(jobs: Iterable<GridJob>, rows: Iterable<GridRow>): CrossValidation {
  const where = "collectGrid",
    known = new Map<number, string>(),
    byCell = new Map<number, GridRow>();
  let first: GridJob | undefined;
  for (const job of iterable(where, "jobs", jobs)) {
    checkJob(where, job);
    first ??= job;
    if (job.grid !== first.grid)
      fail(where, {
        expected: `jobs of the grid ${first.grid}`,
        got: `one of ${job.grid}`,
        fix: "Collect one grid at a time.",
      });
    known.set(job.cell, toJson([job.fold, job.specification.model, job.specification.axes]));
  }
  if (!first) fail(where, { expected: "at least one job", got: "none", fix: "Pass what gridJobs gives." });
  for (const row of iterable(where, "rows", rows)) {
    if (!isRow(row) || known.get(row.cell) !== toJson([row.fold, row.model, row.axes]))
      fail(where, {
        expected: "rows of these jobs",
        got: isRow(row) ? `one of cell ${row.cell}${known.has(row.cell) ? " of another grid" : ""}` : show(row),
        fix: "Pass what runGridJob gives.",
      });
    if (!byCell.has(row.cell)) byCell.set(row.cell, row);
  }
  const all = [...byCell.values()].sort((a, b) => a.cell - b.cell);
  return {
    rows: all,
    latest: null,
    done: all.length,
    total: known.size,
    resumed: 0,
    dropped: 0,
    secondsLeft: all.length === known.size ? 0 : null,
    choice: chooseFrom(all, 1),
    status: all.length === known.size ? "converged" : "aborted",
    provenance: provenance(where, null, { grid: first.grid }, { data: first.data.checksum }),
  };
}

function iterable(where: string, name: string, value: unknown): Iterable<unknown> {
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return value as Iterable<unknown>;
  return fail(where, { expected: `${name} to be a list`, got: show(value), fix: `Pass an array of ${name}.` });
}
