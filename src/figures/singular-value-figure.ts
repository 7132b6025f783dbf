import type { RankComparison } from "../theory";
import type { FigureOptions } from "./axes";
import { lineFigure } from "./line-figure";

/**
 * Singular values of the weight changes over learning, with the bound drawn in: those that it allows as lines, the first one past it dashed, and the threshold that
 * tells it from rounding.
 *
 * @param comparison - as compareRanks gives it
 * @returns one SVG document as text
 * @example singularValueFigure(compareRanks({ changes: zeros([4, 4, 3]) }, learningRankBound({ units: 4, inputs: 1, outputs: 1, steps: 3, activation: "identity", optimizer: sgd(1) }))).startsWith("<svg") // true
 */
export function singularValueFigure({ rows }: RankComparison, options: FigureOptions = {}): string {
  const steps = rows.map(({ step }) => step),
    bound = rows[0].bound,
    shown = Math.min(bound, 6, rows[0].singularValues.length);
  const allowed = Array.from({ length: shown }, (_, i) => ({
    label: `singular value ${i + 1}`,
    x: steps,
    y: rows.map(({ singularValues }) => singularValues[i]),
  }));
  const past = {
    label: `number ${bound + 1}, past the bound`,
    x: steps,
    y: rows.map(({ residual }) => residual),
    dashed: true,
  };
  const threshold = { label: "threshold", x: steps, y: rows.map((row) => row.threshold), dashed: true };
  return lineFigure([...allowed, past, threshold], {
    title: `Singular values over learning, rank bound ${bound}`,
    xLabel: "updates",
    yLabel: "singular value",
    ...options,
    logY: true,
  });
}
