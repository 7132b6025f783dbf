import { fail, readOptions, show, type FieldsOf } from "../base";
import { axisNames, hypotheses, type AxisValues } from "./candidate";
import { edgesOf, type GridEdge } from "./grid-edges";
import { isRow } from "./journal";
import { pointKey, summarize, type GridPoint } from "./grid-points";
import type { GridRow } from "./run-grid-job";

/** The point of a grid that held-out entries choose, and how certain that is. */
export interface GridChoice {
  /**
   * "no learning" where the hypothesis that nothing changes is as good as any; "no low rank" where no point predicts
   * held-out entries better than their means, or rank 0 is as good as any
   */
  readonly answer: "chosen" | "no learning" | "no low rank";
  readonly model: string;
  /** of the chosen point, without the seed */
  readonly axes: AxisValues;
  /** the point with the highest validation score; the chosen one is within a standard error of it */
  readonly best: GridPoint;
  readonly chosen: GridPoint;
  /** axes along which the chosen value is the first or last that was tried */
  readonly edges: readonly GridEdge[];
  /** all points, in the order of the grid */
  readonly points: readonly GridPoint[];
  /** the answer in a sentence or more */
  readonly statement: string;
}

/** How a point is chosen. */
export interface OneStandardErrorOptions {
  /**
   * how many standard errors a simpler point may be below the best; 0 takes the best itself. Default 1
   */
  readonly errors?: number;
}

const fields = {
  errors: { is: "number", least: 0, most: 100, fallback: 1 },
} as const satisfies FieldsOf<OneStandardErrorOptions>;

/**
 * The simplest point of a grid whose validation score is within one standard error of the best: the standard error is
 * that of their paired difference over folds. Seeds are starts: in every fold, the seed with the best validation score
 * is used. Points are ordered from simple to complex: models by the order of their cells, then by hypothesis, rank,
 * size, kernel and decoder; numbers by size, lists of ranks by their sums.
 *
 * @param rows - of {@link crossValidate}, {@link collectGrid} or a journal
 * @returns null where no row is scored
 * @throws {@link LtrnnError} when they are not rows
 * @remarks With one fold there is no standard error, and the best is chosen. Scores within 1e-8 of the best are as
 * good: without noise, all ranks from the true one on score 1 up to rounding.
 * @see Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.4.3
 * @example oneStandardError([{ cell: 0, model: "cp", axes: { rank: 1 }, fold: 0, status: "converged", training: 0.9,
 * validation: 0.8, test: 0.8, reason: null, facts: {} }])?.edges[0].axis // "rank"
 */
export function oneStandardError(rows: readonly GridRow[], options: OneStandardErrorOptions = {}): GridChoice | null {
  const where = "oneStandardError";
  const wrong = Array.isArray(rows) ? rows.findIndex((row) => !isRow(row)) : 0;
  if (!Array.isArray(rows) || wrong >= 0)
    fail(where, {
      expected: "rows of a grid",
      got: Array.isArray(rows) ? `${show(rows[wrong])} as row ${wrong}` : show(rows),
      fix: "Pass the rows of crossValidate.",
    });
  const { errors } = readOptions(where, options, fields);
  return chooseFrom(rows, errors);
}

/** The choice, from rows that were checked. */
export function chooseFrom(rows: readonly GridRow[], errors: number): GridChoice | null {
  const points = summarize(rows),
    scored = points.filter((point) => point.validation.mean !== null);
  if (scored.length === 0) return null;
  const best = scored.reduce((a, b) => (meanOf(b) > meanOf(a) ? b : a)),
    modelOrder = [...new Set(points.map(({ model }) => model))],
    near = scored.filter((point) => point === best || isNear(point, best, errors)),
    chosen = near.reduce((a, b) => (simpler(b, a, modelOrder) ? b : a)),
    edges = edgesOf(chosen, points);
  const better = meanOf(best) - errors * (best.validation.error ?? 0) > 0,
    answer =
      !better || isNothing(chosen.axes.rank)
        ? "no low rank"
        : chosen.axes.hypothesis === "nothing"
          ? "no learning"
          : "chosen";
  return {
    answer,
    model: chosen.model,
    axes: chosen.axes,
    best,
    chosen,
    edges,
    points,
    statement: statementOf({ answer, best, chosen, edges, better }),
  };
}

/** Rank 0, or ranks of 0 in all modes. */
const isNothing = (rank: unknown): boolean =>
  rank === 0 || (Array.isArray(rank) && rank.length > 0 && rank.every((one) => one === 0));

const meanOf = (point: GridPoint): number => point.validation.mean ?? Number.NEGATIVE_INFINITY;

/** Scores, which are shares of 1, differ by this where runs stop at their tolerance and data are without noise. */
const sameScore = 1e-8;

/** Whether a point is at most `errors` standard errors of the paired difference below the best, or as good. */
function isNear(point: GridPoint, best: GridPoint, errors: number): boolean {
  const both = best.folds.filter(({ fold }) => point.folds.some((other) => other.fold === fold));
  if (both.length < best.folds.length) return false;
  const differences = both.map(
    ({ fold, validation }) =>
      validation - (point.folds.find((other) => other.fold === fold) as { validation: number }).validation,
  );
  const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  if (errors > 0 && mean <= sameScore) return true;
  if (both.length < 2) return false;
  const variance = differences.reduce((sum, d) => sum + (d - mean) * (d - mean), 0) / (differences.length - 1);
  return mean <= errors * Math.sqrt(variance / differences.length);
}

/** Whether a comes before b in complexity. */
function simpler(a: GridPoint, b: GridPoint, modelOrder: readonly string[]): boolean {
  if (a.model !== b.model) return modelOrder.indexOf(a.model) < modelOrder.indexOf(b.model);
  for (const axis of axisNames) {
    const [p, q] = [a.axes[axis], b.axes[axis]];
    if (pointKey(a.model, { [axis]: p }) === pointKey(b.model, { [axis]: q })) continue;
    if (typeof p === "number" && typeof q === "number") return axis === "kernel" ? p > q : p < q;
    if (isList(p) && isList(q)) {
      const [few, many] = [totalOf(p), totalOf(q)];
      if (few !== many) return few < many;
    }
    if (axis === "hypothesis") return hypothesisOrder.indexOf(p as string) < hypothesisOrder.indexOf(q as string);
    return a.place < b.place;
  }
  return false;
}

const isList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => typeof one === "number");

const totalOf = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);

const hypothesisOrder: readonly string[] = hypotheses;

const text = (axes: AxisValues): string =>
  Object.entries(axes)
    .map(([axis, value]) => `${axis} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");

function statementOf({
  answer,
  best,
  chosen,
  edges,
  better,
}: Pick<GridChoice, "answer" | "best" | "chosen" | "edges"> & { readonly better: boolean }): string {
  const name = (point: GridPoint) => [point.model, text(point.axes)].filter((part) => part !== "").join(", "),
    said = !better
      ? "No point predicts held-out entries: no low rank."
      : answer === "no low rank"
        ? "Rank 0 is within a standard error of the best: no low rank."
        : answer === "no learning"
          ? `"Nothing changes" is within a standard error of the best (${name(best)}): no learning.`
          : chosen === best
            ? `${name(chosen)} is best on validation entries, and nothing simpler is within a standard error.`
            : `${name(chosen)} is the simplest within a standard error of the best, ${name(best)}.`;
  return [said, ...edges.map(({ statement }) => statement)].join(" ");
}
