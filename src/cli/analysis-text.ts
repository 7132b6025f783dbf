import type { GridRow } from "../select";
import type { Analysis } from "./analyze-recording";
import { number } from "./progress";

/** Sentences about an analysis: each follows from its numbers. */
export function sentencesOf({ rows, choice, fit, splits, uncertainty }: Analysis): string[] {
  if (!choice || !fit) return ["No fit could be scored."];
  const list = (scores: readonly number[]) => scores.map((score) => number(score, 2)).join(", "),
    starts = fit.replicability.map(({ score }) => score);
  return [
    choice.statement,
    ...besideBaselines(rows, choice.chosen.axes.rank as number),
    starts.length === 0
      ? "One start: nothing says whether another one would find the same."
      : `Other starts agree with the fit that is shown by ${list(starts)} (1 is the same).`,
    splits.length === 0
      ? "One split: nothing says whether other held-out boxes would change what is found."
      : `Fits to other splits agree with it by ${list(splits.map(({ score }) => score))}.`,
    typeof uncertainty === "string"
      ? `No standard errors of trial factors: ${uncertainty}.`
      : uncertainty.status === "exhausted"
        ? "Standard errors of trial factors are a guess: the fit is not at its best yet."
        : "Bands of trial factors are two standard errors.",
  ];
}

/** Whether the network explains more of the test entries than every baseline, by the difference over splits. */
function besideBaselines(rows: readonly GridRow[], rank: number): string[] {
  const testOf = (model: string) =>
    new Map(
      rows
        .filter((row) => row.model === model && row.test !== null && (model !== "ltrRNN" || row.axes.rank === rank))
        .map(({ fold, test }) => [fold, test as number]),
    );
  const own = testOf("ltrRNN"),
    baselines = [...new Set(rows.map(({ model }) => model))].filter((model) => model !== "ltrRNN"),
    means = baselines.flatMap((model) => {
      const differences = [...testOf(model)].flatMap(([fold, test]) => {
        const mine = own.get(fold);
        return mine === undefined ? [] : [mine - test];
      });
      return differences.length > 0 ? [{ model, ...meanAndError(differences) }] : [];
    });
  if (means.length === 0) return [];
  const { model, mean, error } = means.reduce((a, b) => (b.mean < a.mean ? b : a)),
    by = `${number(Math.abs(mean))}${error === null ? "" : ` (standard error over splits ${number(error)})`}`;
  if (error === null)
    return [
      `On the test boxes of one split it explains ${mean > 0 ? "more" : mean < 0 ? "less" : "no more"} than the best ` +
        `baseline, ${model}: they differ by ${by}.`,
    ];
  const near = Math.abs(mean) <= 2 * error,
    told = near ? "as much, within two standard errors, as" : mean > 0 ? "more than" : "less than";
  return [`On test boxes it explains ${told} the best baseline, ${model}: they differ by ${by}.`];
}

function meanAndError(values: readonly number[]): { readonly mean: number; readonly error: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, error: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
