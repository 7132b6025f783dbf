import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { handFigure, heatMapFigure, lineFigure, scatterFigure, trialFactorFigure } from "../../src/figures";
import { tensor } from "../../src/tensor";
import { toSvg } from "../../src/vega";
import { sweep } from "../support/sweep";
import { wellFormed } from "./well-formed";

/** The labels of the axes, in the order in which they are drawn: x, then y. */
const ticksOf = (svg: string): string[][] =>
  [...svg.matchAll(/<g class="mark-text role-axis-label"[^>]*>(.*?)<\/g>/g)].map(([, group]) =>
    [...group.matchAll(/<text[^>]*?(opacity="0")?>([^<]*)<\/text>/g)]
      .filter(([, gone]) => !gone)
      .map(([, , text]) => text),
  );

test("a figure is an SVG document with a name, of the size that was asked for", async () => {
  const svg = await toSvg(
    lineFigure([{ label: "a", x: [0, 1], y: [1, 2] }], { title: "Loss", width: 300, height: 200 }),
  );
  wellFormed(svg);
  expect(svg).toMatch(/^<svg role="img" aria-label="Loss\. a: 2 points, x 0 to 1, y 1 to 2\." /);
  expect(svg).toMatch(/width="300" height="200"/);
  expect(svg).not.toMatch(/href=|url\(/);
});

test("a line is interrupted where a point is missing, and where a mark breaks it", async () => {
  const pathOf = async (y: number[], marks: { x: number; label: string; breaks: boolean }[] = []) =>
    [...(await toSvg(lineFigure([{ x: [0, 1, 2, 3, 4], y }], { marks }))).matchAll(/mark-line[^>]*>(.*?)<\/g>/g)]
      .map(([, group]) => group)
      .join("")
      .match(/M/g)?.length;
  expect(await pathOf([0, 1, 2, 3, 4])).toBe(1);
  expect(await pathOf([0, 1, NaN, 3, 4])).toBe(2);
  expect(await pathOf([0, 1, 2, 3, 4], [{ x: 2, label: "m", breaks: true }])).toBe(2);
  expect(await pathOf([0, 1, 2, 3, 4], [{ x: 2, label: "m", breaks: false }])).toBe(1);
});

test("ticks have labels that differ, whatever the numbers", async () => {
  const figures: string[] = [];
  const wait: Promise<unknown>[] = [];
  sweep((draw) => {
    const scale = 10 ** draw.int(-12, 12),
      offset = draw.int(0, 2) === 0 ? 0 : scale * 10 ** draw.int(0, 6);
    const y = Array.from(draw.normal([5]).data, (value) => offset + scale * value);
    for (const logY of [false, true])
      wait.push(
        toSvg(lineFigure([{ x: y, y: logY ? y.map(Math.abs) : y }], { logY })).then((svg) => figures.push(svg)),
      );
  }, 30);
  await Promise.all(wait);
  expect(figures.length).toBe(60);
  for (const svg of figures) {
    wellFormed(svg);
    const axes = ticksOf(svg);
    expect(axes.length).toBe(2);
    for (const labels of axes) {
      expect(new Set(labels).size, labels.join(" ")).toBe(labels.length);
      expect(labels.length, svg).toBeGreaterThanOrEqual(2);
    }
  }
});

test("figures of nothing, of one point and of huge numbers are still figures", async () => {
  for (const figure of [
    lineFigure([]),
    lineFigure([{ x: [1], y: [5] }]),
    lineFigure([{ x: [0, 1], y: [1e300, -1e300] }]),
    lineFigure([{ x: [0, 1], y: [0, 1e-9] }], { logY: true }),
    lineFigure([{ x: [0, 1], y: [-1, 0] }], { logY: true }),
    scatterFigure([{ x: [NaN], y: [1] }]),
    heatMapFigure(tensor([1, 1], [0])),
    heatMapFigure(tensor([1, 2], [NaN, NaN])),
  ])
    wellFormed(await toSvg(figure));
});

test("whatever text comes in, no markup comes out of it", async () => {
  const evil = `"><script>alert('1')</script>&\u0000\ud800`;
  const texts = { title: evil, xLabel: evil, yLabel: evil };
  for (const figure of [
    lineFigure([{ label: evil, x: [0], y: [1] }], { ...texts, marks: [{ x: 0, label: evil }] }),
    scatterFigure([{ label: evil, x: [0], y: [1] }], texts),
    heatMapFigure(tensor([1, 1], [1]), texts),
  ]) {
    const svg = await toSvg(figure);
    wellFormed(svg);
    expect(svg).not.toMatch(/<script|\0|\ud800/);
  }
});

test("what is no figure, or would fetch data, is refused", async () => {
  for (const wrong of [undefined, null, 1, "x", {}, [], new Date(0)])
    await expect(toSvg(wrong as never)).rejects.toThrow(/^toSvg: expected a figure, a Vega-Lite specification/);
  const $schema = lineFigure([]).$schema;
  await expect(toSvg({ $schema, mark: "nonsense" } as never)).rejects.toThrow(LtrnnError);
  const elsewhere = { $schema, data: { url: "https://example.org/x.json" }, mark: "point", encoding: {} };
  await expect(toSvg(elsewhere as never)).rejects.toThrow(/data from elsewhere, which is not fetched/);
});

test("a figure is one image to screen readers: its marks have no roles, and its name is taken as it is", async () => {
  const figure = lineFigure([{ x: [0, 1], y: [1, 2] }]),
    svg = await toSvg({ ...figure, description: "of $& and $1" });
  expect(svg).toContain('<svg role="img" aria-label="of $&amp; and $1" ');
  expect(svg.match(/ role="/g)).toHaveLength(1);
});

test("drawing leaves a figure as it was", async () => {
  const figure = lineFigure([{ x: [0, 1], y: [1, 2] }]),
    before = structuredClone(figure);
  await toSvg(figure);
  expect(figure).toEqual(before);
});

test("labels that are names of what every object has are drawn as they are", async () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"],
    series = names.map((label, i) => ({ label, x: [0, 1], y: [i, i + 1] })),
    marks = [{ x: 0.5, label: "__proto__" }];
  const states = (i: number) => tensor([1, 2, 2], [0, 0, i, 1]),
    trials = Array.from({ length: 10 }, (_, k) => k);
  const factors = tensor([10, 1], trials);
  for (const figure of [
    lineFigure(series, { marks, title: "__proto__", xLabel: "constructor" }),
    scatterFigure(series),
    handFigure(
      names.map((label, i) => ({ label, states: states(i) })),
      { errors: [0, 1], epochs: ["__proto__", "toString"] },
    ),
    trialFactorFigure({ factors, deviations: factors }, { conditions: trials.map((k) => names[k % 5]) }),
  ]) {
    const svg = await toSvg(figure),
      texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text.replace("\u200b", ""));
    expect(texts.filter((text) => text === "undefined" || /native code|object/.test(text))).toEqual([]);
    for (const name of names) expect(texts).toContain(name);
    wellFormed(svg);
  }
  // other labels are left alone
  expect(JSON.stringify(lineFigure([{ label: "loss", x: [0], y: [1] }]))).not.toContain("\u200b");
});
