import { fail, isRecord, show } from "../base";

/** A cell of a grid, as crossValidate gives its rows; or custom scores in that form. */
export interface ScoredRow {
  /** a model with a rank is a curve, one without it a baseline */
  readonly model: string;
  readonly axes: Readonly<Record<string, unknown>>;
  readonly fold: number;
  /** the share that is explained of entries to choose by; null where nothing was scored */
  readonly validation: number | null;
  /** and of those to report */
  readonly test: number | null;
}

/** The scores of a model at each rank. */
export interface RankScores {
  readonly name: string;
  readonly points: readonly {
    readonly rank: number;
    /** one per fold */
    readonly scores: readonly number[];
    readonly mean: number;
    /** of the mean; 0 with one fold */
    readonly error: number;
  }[];
}

/** Rows by model and rank: models with a rank as curves, those without as their means. */
export function scoresOf(where: string, rows: readonly ScoredRow[], score: "validation" | "test") {
  const best = new Map<string, { readonly name: string; readonly rank: number | undefined; readonly row: ScoredRow }>();
  rows.forEach((row, i) => {
    const axes = axesOf(where, row.axes, i),
      name = [row.model, ...axes.others].join(", "),
      key = JSON.stringify([name, axes.rank ?? null, row.fold]);
    const before = best.get(key);
    if (row.validation === null || row[score] === null) return;
    if (!before || (row.validation ?? 0) > (before.row.validation ?? 0)) best.set(key, { name, rank: axes.rank, row });
  });
  const byName = new Map<string, Map<number | undefined, number[]>>();
  for (const { name, rank, row } of best.values()) {
    const byRank = byName.get(name) ?? new Map<number | undefined, number[]>();
    byName.set(name, byRank);
    byRank.set(rank, [...(byRank.get(rank) ?? []), row[score] as number]);
  }
  if (byName.size === 0)
    fail(where, {
      expected: `rows with a ${score} score`,
      got: `${rows.length} rows without one`,
      fix: "Look at why these were not scored: row.reason says.",
    });
  const curves: RankScores[] = [],
    baselines: { readonly name: string; readonly mean: number }[] = [];
  for (const [name, byRank] of byName) {
    const points = [...byRank.entries()].flatMap(([rank, scores]) =>
      rank === undefined ? [] : [{ rank, ...summary(scores) }],
    );
    if (points.length > 0) curves.push({ name, points: points.sort((a, b) => a.rank - b.rank) });
    else baselines.push({ name, mean: summary(byRank.get(undefined) ?? []).mean });
  }
  return { curves, baselines };
}

function axesOf(
  where: string,
  axes: unknown,
  i: number,
): { readonly rank?: number; readonly others: readonly string[] } {
  if (!isRecord(axes))
    return fail(where, {
      expected: `rows[${i}].axes to be a record, such as { rank: 2 }`,
      got: show(axes),
      fix: "Pass rows of crossValidate.",
    });
  const { rank, seed: _, ...others } = axes;
  const known = Object.entries(others)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "object" ? show(value) : String(value)}`);
  const number = numberOf(where, rank ?? null, `rows[${i}].axes.rank`);
  return number === undefined ? { others: known } : { rank: number, others: known };
}

/** Refuse what is no score: a finite number, or null where nothing was scored. */
export function checkScore(where: string, name: string, value: unknown): void {
  numberOf(where, value, name);
}

/** A number, or undefined where it is null or absent. */
function numberOf(where: string, value: unknown, name: string): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return fail(where, {
    expected: `${name} to be a finite number or null`,
    got: show(value),
    fix: "Pass rows of crossValidate.",
  });
}

function summary(scores: readonly number[]) {
  const count = scores.length,
    mean = scores.reduce((sum, one) => sum + one, 0) / count;
  const squares = scores.reduce((sum, one) => sum + (one - mean) * (one - mean), 0);
  return { scores, mean, error: count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0 };
}
