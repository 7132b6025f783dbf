import { fail, isRecord, show, version } from "../base";
import type { Boxes } from "../masks";
import type { Specification } from "./candidate";
import { pointCount, pointsOf, type ReadGrid } from "./grid";

/** A cell of a grid as plain data: what any process needs to compute its row, but for the data. */
export interface GridJob {
  readonly version: string;
  /** the name of the grid that it belongs to */
  readonly grid: string;
  /** its place among all cells, from 0 */
  readonly cell: number;
  readonly fold: number;
  /** what the fold holds out, or null where the model sees all */
  readonly boxes: Boxes | null;
  readonly specification: Specification;
  /** data by name, with the checksum of their entries */
  readonly data: { readonly name: string; readonly checksum: string };
}

/** How many cells grids have on so many folds. */
export const cellCount = (grids: readonly ReadGrid[], folds: number): number =>
  grids.reduce((sum, { axes, whole }) => sum + pointCount(axes) * (whole ? 1 : folds), 0);

/** All jobs, one by one and fold by fold: they are never held together. */
export function* jobsOf(
  grids: readonly ReadGrid[],
  folds: readonly Boxes[],
  grid: string,
  data: GridJob["data"],
): Generator<GridJob> {
  let cell = 0;
  for (const { model, axes, options, whole } of grids)
    for (const [fold, boxes] of whole ? [[0, null] as const] : folds.entries())
      for (const point of pointsOf(axes)) {
        yield { version, grid, cell, fold, boxes, specification: { model, axes: point, options }, data };
        cell++;
      }
}

/** Refuse what is no job of this version. */
export function checkJob(where: string, job: unknown): asserts job is GridJob {
  const known =
    isRecord(job) &&
    typeof job.grid === "string" &&
    Number.isInteger(job.cell) &&
    Number.isInteger(job.fold) &&
    isRecord(job.specification) &&
    typeof job.specification.model === "string" &&
    isRecord(job.specification.axes) &&
    isRecord(job.specification.options) &&
    (job.boxes === null || (isRecord(job.boxes) && Array.isArray(job.boxes.half) && Array.isArray(job.boxes.guard))) &&
    isRecord(job.data) &&
    typeof job.data.checksum === "string" &&
    typeof job.data.name === "string";
  if (!known) fail(where, { expected: "a job of a grid", got: show(job), fix: "Pass what gridJobs gives, as it was." });
  if (job.version !== version)
    fail(where, {
      expected: `a job of ltrnn ${version}`,
      got: `one of ${show(job.version)}`,
      fix: "Run all cells of a grid with one version.",
    });
}
