import { toJson } from "../data";
import { axisNames, type AxisValues } from "./candidate";
import type { GridRow } from "./run-grid-job";

/** A mean over folds, with its standard error; null where there is none. */
export interface FoldMean {
  readonly mean: number | null;
  readonly error: number | null;
}

/** A point of a grid over all folds. */
export interface GridPoint {
  readonly model: string;
  /** without the seed */
  readonly axes: AxisValues;
  readonly training: FoldMean;
  readonly validation: FoldMean;
  readonly test: FoldMean;
  /** folds with a score, each of the seed with the highest validation score */
  readonly folds: readonly { readonly fold: number; readonly validation: number }[];
  /** cells without a score, and the reasons of those that failed, each once */
  readonly unscored: number;
  readonly reasons: readonly string[];
  /** the number of its first cell in the grid */
  readonly place: number;
}

/** The key of a point: its model and the values of its axes, without the seed. */
export const pointKey = (model: string, axes: AxisValues): string =>
  toJson([model, ...axisNames.filter((name) => name !== "seed").map((name) => axes[name] ?? null)]);

/** The points of a grid in the order of their first cells. */
export function summarize(rows: readonly GridRow[]): GridPoint[] {
  const groups = new Map<string, GridRow[]>();
  for (const row of [...rows].sort((a, b) => a.cell - b.cell)) {
    const key = pointKey(row.model, row.axes),
      group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group): GridPoint => {
    const { seed: _, ...axes } = group[0].axes,
      best = new Map<number, GridRow>();
    for (const row of group) {
      const before = best.get(row.fold)?.validation ?? Number.NEGATIVE_INFINITY;
      if (row.validation !== null && row.validation > before) best.set(row.fold, row);
    }
    const kept = [...best.values()].sort((a, b) => a.fold - b.fold);
    return {
      model: group[0].model,
      axes,
      training: foldMean(kept.map(({ training }) => training)),
      validation: foldMean(kept.map(({ validation }) => validation)),
      test: foldMean(kept.map(({ test }) => test)),
      folds: kept.map(({ fold, validation }) => ({ fold, validation: validation as number })),
      unscored: group.filter(({ validation }) => validation === null).length,
      reasons: [...new Set(group.map(({ reason }) => reason).filter((reason) => reason !== null))],
      place: group[0].cell,
    };
  });
}

function foldMean(values: readonly (number | null)[]): FoldMean {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { mean: null, error: null };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length < 2) return { mean, error: null };
  const variance = known.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (known.length - 1);
  return { mean, error: Math.sqrt(variance / known.length) };
}
