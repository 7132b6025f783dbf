import { fail, readOptions, type FieldsOf } from "../base";
import { checkTensor, type Matrix } from "../tensor";
import { cells } from "./heat-map-figure";
import { figureOf, inWords, jsonNumber } from "./figure-of";
import type { Figure, Json, Part } from "./specification";

export interface CongruenceOptions {
  /** default what is drawn */
  readonly title?: string;
  /** of the whole figure, in pixels, 160 to 10 000; default 340 */
  readonly width?: number;
  /** in pixels, 120 to 10 000; default 300 */
  readonly height?: number;
}

const fields = {
  title: { is: "text", fallback: "Congruence of components" },
  width: { is: "number", least: 160, most: 10_000, fallback: 340 },
  height: { is: "number", least: 120, most: 10_000, fallback: 300 },
} as const satisfies FieldsOf<CongruenceOptions>;

/**
 * The congruences of all pairs of components as colors and numbers: near -1 or 1 off the diagonal, two components are
 * nearly the same up to scale, and cancel each other or share explained variance.
 *
 * @param congruences - (rank × rank), as {@link congruenceMatrix} gives them, at most 64 components
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when it is no square matrix of numbers in [-1, 1]
 * @example congruenceFigure(tensor([2, 2], [1, -0.2, -0.2, 1])).description
 * // "Congruence of components. 2 components; the largest congruence of two of them is -0.2, of 1 and 2."
 */
export function congruenceFigure(congruences: Matrix, options?: CongruenceOptions): Figure {
  const where = "congruenceFigure";
  checkTensor(where, "congruences", congruences, 2);
  const { title, ...size } = readOptions(where, options, fields),
    [rank, columns] = congruences.shape;
  if (rank !== columns || rank < 1 || rank > 64 || !congruences.data.every((c) => Math.abs(c) <= 1 + 1e-9))
    fail(where, {
      expected: "congruences (rank × rank) in [-1, 1], of 1 to 64 components",
      got: `(${rank} × ${columns})${rank === columns && rank >= 1 && rank <= 64 ? " with other entries" : ""}`,
      fix: "Pass what congruenceMatrix gave.",
    });
  const view = cells(congruences, {
    xLabel: "component",
    yLabel: "component",
    signed: true,
    height: size.height - 90,
    valueLabel: "congruence",
    from: 0.5,
    domain: [-1, 1],
  });
  const numbers: Json[] = Array.from(congruences.data, (c, at) => ({
    x: (at % rank) + 1,
    y: Math.floor(at / rank) + 1,
    text: Number(c.toFixed(2)).toFixed(2),
    v: jsonNumber(c),
  }));
  const text: Part = {
    data: { values: numbers },
    mark: { type: "text", fontSize: rank > 8 ? 8 : 11 },
    encoding: {
      x: { field: "x", type: "quantitative" },
      y: { field: "y", type: "quantitative" },
      text: { field: "text", type: "nominal" },
      color: { condition: { test: "datum.v > 0.1", value: "black" }, value: "white" },
    },
  };
  return figureOf({ title, ...size }, `${title || "Congruence of components"}. ${describe(congruences)}`, {
    layer: [view, ...(rank <= 12 ? [text] : [])],
  });
}

function describe({ shape: [rank], data }: Matrix): string {
  let most = -1,
    pair = 0;
  for (let at = 0; at < data.length; at++) {
    const [i, j] = [Math.floor(at / rank), at % rank];
    if (i < j && Math.abs(data[at]) > most) [most, pair] = [Math.abs(data[at]), at];
  }
  if (rank === 1) return "One component.";
  const [i, j] = [Math.floor(pair / rank) + 1, (pair % rank) + 1];
  return `${rank} components; the largest congruence of two of them is ${inWords(data[pair])}, of ${i} and ${j}.`;
}
