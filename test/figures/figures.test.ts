import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { eigenvalueFigure, heatMapFigure, lineFigure, scatterFigure, singularValueFigure } from "../../src/figures";
import * as library from "../../src/figures";
import { tensor } from "../../src/tensor";
import { cases } from "./cases";

const folder = new URL("references/", import.meta.url);

/** A figure as its reference: what figures share is left out, and numbers are of six digits. */
const asReference = ({ $schema: _, config: __, ...figure }: library.Figure) =>
  `${JSON.stringify(figure, (___, value) => (typeof value === "number" ? Number(value.toPrecision(6)) : value), 1)}\n`;

test.each(Object.keys(cases))("%s is as its reference: LTRNN_DRAW=1 draws it anew, then look at it", (name) => {
  const path = new URL(`${name}.json`, folder),
    text = asReference(cases[name]());
  mkdirSync(folder, { recursive: true });
  if (process.env.LTRNN_DRAW) writeFileSync(path, text);
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(path, "utf8")));
});

test("every figure has a case, is plain JSON, and says in words what it shows", () => {
  const made = Object.values(cases).map((make) => make());
  for (const figure of made) {
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
    expect(figure.description).toMatch(/^[A-Z].{20,}\.$/s);
  }
  const text = readFileSync(new URL("cases.ts", import.meta.url), "utf8");
  const functions = Object.keys(library).filter((name) => name.endsWith("Figure"));
  expect(functions.filter((name) => !text.includes(`figures.${name}(`))).toEqual([]);
  expect(functions.length).toBeGreaterThan(20);
});

/** Rows of data of a layer. */
const rowsOf = (part: unknown): Record<string, unknown>[] =>
  (part as { data: { values: Record<string, unknown>[] } }).data.values;
const layersOf = (figure: unknown): unknown[] => (figure as { layer: unknown[] }).layer;

test("a line has a row for each point, and what is missing is null", () => {
  const figure = lineFigure([{ label: "loss", x: [0, 1, 2], y: [0, NaN, 4] }]);
  expect(rowsOf(layersOf(figure)[0])).toEqual([
    { series: "loss", line: 0, piece: 0, at: 0, x: 0, y: 0 },
    { series: "loss", line: 0, piece: 0, at: 1, x: 1, y: null },
    { series: "loss", line: 0, piece: 0, at: 2, x: 2, y: 4 },
  ]);
  expect(figure.description).toBe("A line figure. loss: 3 points, x 0 to 2, y 0 to 4.");
});

test("lines are not joined across a mark that breaks them", () => {
  const line = { x: [0, 1, 2, 3], y: [0, 1, 2, 3] };
  const piecesWith = (breaks: boolean) =>
    rowsOf(layersOf(lineFigure([line], { marks: [{ x: 2, label: "", breaks }] }))[2]).map(({ piece }) => piece);
  expect(piecesWith(false)).toEqual([0, 0, 0, 0]);
  expect(piecesWith(true)).toEqual([0, 0, 1, 1]);
});

test("on a logarithmic axis what is not positive is left out", () => {
  const figure = lineFigure([{ x: [0, 1, 2], y: [-1, 0, 1] }], { logY: true });
  expect(rowsOf(layersOf(figure)[0]).map(({ y }) => y)).toEqual([null, null, 1]);
});

test("lines differ by dashes too, and references are dotted", () => {
  const figure = lineFigure(["a", "b", "c", "d"].map((label, i) => ({ label, x: [0], y: [i], dashed: i === 1 })));
  const { encoding } = layersOf(figure)[0] as { encoding: Record<string, { scale: { range: unknown[] } }> };
  expect(new Set(encoding.strokeDash.scale.range.map(String)).size).toBe(4);
  expect(encoding.strokeDash.scale.range[1]).toEqual([2, 2]);
  expect(new Set(encoding.color.scale.range).size).toBe(4);
});

test("points and entries are drawn, one mark each", () => {
  const points = scatterFigure([
    { label: "hand", x: [0, NaN, 2], y: [1, 2, 0], joined: true },
    { x: Float32Array.of(1), y: Float32Array.of(1) },
  ]);
  expect(rowsOf(points).map(({ series, x, y }) => [series, x, y])).toEqual([
    ["hand", 0, 1],
    ["hand", null, null],
    ["hand", 2, 0],
    ["series 2", 1, 1],
  ]);
  const map = heatMapFigure(tensor([2, 2], [-4, NaN, 1, 3]));
  expect(rowsOf(map).map(({ v }) => v)).toEqual([-4, null, 1, 3]);
  expect(rowsOf(map)[3]).toEqual({ x: 0.5, x2: 1.5, y: 0.5, y2: 1.5, v: 3 });
  expect((map as unknown as { encoding: { fill: { scale: unknown } } }).encoding.fill.scale).toMatchObject({
    domain: [-4, 4],
  });
});

test("a figure is plain JSON", () => {
  for (const figure of [
    lineFigure([]),
    lineFigure([{ x: [1], y: [Infinity] }]),
    heatMapFigure(tensor([1, 1], [0])),
    scatterFigure([{ x: [NaN], y: [1] }]),
  ])
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
});

test("wrong calls are refused", () => {
  expect(() => lineFigure([{ x: [1, 2], y: [1] }])).toThrow(
    "lineFigure: expected as many x as y in lines[0], got 2 and 1. Give every point both.",
  );
  expect(() => heatMapFigure(tensor([0, 3], []))).toThrow(
    "heatMapFigure: expected m to be a matrix of 1 to 250000 entries, got (0 × 3)",
  );
  expect(() => lineFigure([{ x: [0], y: [1] }], { logy: true } as never)).toThrow("Did you mean logY?");
  expect(() => singularValueFigure({ rows: [] } as never)).toThrow("singularValueFigure: expected a comparison");
  expect(() => singularValueFigure([] as never)).toThrow(LtrnnError);
  for (const size of ['1"/><script/>', 0, -1, NaN, Infinity, 1e9, null, {}])
    for (const key of ["width", "height"])
      expect(() => lineFigure([], { [key]: size } as never), `${key} ${size}`).toThrow(LtrnnError);
});

test("a logarithmic axis over a range of rounding has one tick, and ends", () => {
  for (const losses of [
    [0.764094450825788, 0.7640944508257879],
    [1e-300, 1.0000000000000002e-300],
    [1e15, 1e15 + 1],
  ]) {
    const figure = library.learningCurveFigure({ steps: [0, 1], losses }, { logY: true });
    expect(JSON.stringify(figure)).toContain(`"values":[${Math.min(...losses)}]`);
  }
});

test("eigenvalues that are not finite are refused by name", () => {
  const finite = tensor([2, 1], [0.5, 1]);
  for (const odd of [Infinity, -Infinity, NaN])
    for (const part of ["real", "imaginary"]) {
      const draw = () => eigenvalueFigure({ real: finite, imaginary: finite, [part]: tensor([2, 1], [0, odd]) });
      expect(draw).toThrow(LtrnnError);
      expect(draw).toThrow(`eigenvalueFigure: expected finite entries in eigenvalues.${part}, got ${odd}`);
    }
});
