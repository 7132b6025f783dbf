import { fail, isRecord, readOptions, show, version, type FieldsOf } from "../base";
import type { Boxes } from "../masks";
import type { Specification } from "./candidate";
import { pointCount, pointsOf, type ReadGrid } from "./grid";

/** A cell of a grid as plain data: all that a process needs to compute its row, except the data. */
export interface GridJob {
  readonly version: string;
  /** the checksum that names its grid */
  readonly grid: string;
  /** its place among all cells, from 0 */
  readonly cell: number;
  readonly fold: number;
  /** the boxes that the fold holds out, or null where the model sees all entries */
  readonly boxes: Boxes | null;
  readonly specification: Specification;
  /** the name of the data, and the checksum of their entries */
  readonly data: { readonly name: string; readonly checksum: string };
}

/** The number of cells of these grids with this number of folds. */
export const cellCount = (grids: readonly ReadGrid[], folds: number): number =>
  grids.reduce((sum, { axes, whole }) => sum + pointCount(axes) * (whole ? 1 : folds), 0);

/** All jobs, one by one and fold by fold: they are never all in memory. */
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

const checkOpen = (where: string, name: string, value: unknown): void => {
  if (!isRecord(value))
    fail(where, { expected: `${name} to be a record`, got: show(value), fix: "Pass the job as it was." });
};

const checkWidths = (where: string, name: string, value: unknown): void => {
  const isWidth = (h: unknown) => h === Number.POSITIVE_INFINITY || (Number.isInteger(h) && (h as number) >= 0);
  if (!Array.isArray(value) || !Array.from(value).every(isWidth))
    fail(where, { expected: `${name} to be widths, one per mode`, got: show(value), fix: "Pass the job as it was." });
};

const boxesTable = {
  half: { is: "checked", check: checkWidths, needed: true },
  guard: { is: "checked", check: checkWidths, needed: true },
  test: { is: "number", above: 0, below: 1, needed: true },
  validation: { is: "number", above: 0, below: 1, needed: true },
  seed: { is: "seed", needed: true },
} as const satisfies FieldsOf<Boxes>;

const jobTable = {
  version: { is: "text", needed: true },
  grid: { is: "text", needed: true },
  cell: { is: "whole number", least: 0, needed: true },
  fold: { is: "whole number", least: 0, needed: true },
  boxes: { is: "checked", check: checkBoxes, needed: true },
  specification: {
    is: "record",
    of: {
      model: { is: "text", needed: true },
      axes: { is: "checked", check: checkOpen, needed: true },
      options: { is: "checked", check: checkOpen, needed: true },
    },
    needed: true,
  },
  data: {
    is: "record",
    of: { name: { is: "text", needed: true }, checksum: { is: "text", needed: true } },
    needed: true,
  },
} as const satisfies FieldsOf<GridJob>;

function checkBoxes(where: string, name: string, value: unknown): void {
  if (value !== null) readOptions(where, value as Boxes, boxesTable, name);
}

/** Refuse what is not a job of this version. */
export function checkJob(where: string, job: unknown): asserts job is GridJob {
  const read = readOptions(where, (job ?? null) as GridJob, jobTable, "job");
  if (read.version !== version)
    fail(where, {
      expected: `a job of ltrnn ${version}`,
      got: `one of ${show(read.version)}`,
      fix: "Run all cells of a grid with one version.",
    });
}
