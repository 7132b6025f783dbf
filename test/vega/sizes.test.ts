import { expect, test } from "vitest";
import { toSvg } from "../../src/vega";
import { textWidth } from "../../src/vega/text-widths";
import { cases } from "../figures/cases";
import { wellFormed } from "./well-formed";

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** The labels of every axis that can be seen, where they stand in its group. */
const axesOf = (svg: string): Label[][] =>
  [...svg.matchAll(/<g class="mark-text role-axis-label"[^>]*>(.*?)<\/g>/g)].map(([, group]) =>
    [...group.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].flatMap(([, attributes, text]) => {
      const [, x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(attributes) ?? [];
      return / opacity="0"/.test(attributes) || text === "" ? [] : [{ x: Number(x), y: Number(y), text }];
    }),
  );

/** Whether labels stand in a row, so that they could meet. */
const inRow = (labels: readonly Label[]) => labels.every(({ y }) => y === labels[0].y);

/** Whether a label is left out between others of a linear axis; names and powers have no steps. */
function unevenIn(labels: readonly Label[]): boolean {
  const values = labels.map(({ text }) => Number(text.replace("−", "-"))).sort((a, b) => a - b),
    steps = values.slice(1).map((value, i) => value - values[i]);
  if (values.some(Number.isNaN) || steps.some((step) => step > 3 * steps[0])) return false;
  return steps.some((step) => Math.abs(step - steps[0]) > 1e-9);
}

test.each(Object.keys(cases))("%s keeps to its width, and its labels to their places", async (name) => {
  for (const width of [320, 800]) {
    const svg = await toSvg(cases[name]({ width })),
      drawn = Number(/^<svg [^>]*? width="([\d.]+)"/.exec(svg)?.[1]),
      where = `${name} at ${width}`;
    wellFormed(svg);
    expect(drawn, where).toBeLessThanOrEqual(width);
    expect(drawn, where).toBeGreaterThan(0.85 * width);
    expect(svg, where).not.toContain("…");
    for (const labels of axesOf(svg)) {
      expect(labels.length, where).toBeGreaterThan(1);
      expect(new Set(labels.map(({ text }) => text)).size, where).toBe(labels.length);
      expect(unevenIn(labels), `${where}: ${labels.map(({ text }) => text).join(" ")}`).toBe(false);
      labels.sort((a, b) => a.x - b.x || a.y - b.y);
      const row = inRow(labels);
      for (let i = 1; i < labels.length; i++) {
        const [a, b] = [labels[i - 1], labels[i]];
        // labels in a row are centered
        const room = row ? (textWidth(a.text, 11, false) + textWidth(b.text, 11, false)) / 2 : 11;
        expect(row ? b.x - a.x : b.y - a.y, `${where}: ${a.text}, ${b.text}`).toBeGreaterThan(room);
      }
    }
  }
});
