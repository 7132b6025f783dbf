import { expect, test } from "vitest";
import { heatMapFigure, lineFigure, scatterFigure } from "../../src/figures";
import { tensor } from "../../src/tensor";

/** Every tag that opens is closed in order, and no attribute holds NaN: what a browser needs. */
function wellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, slash, name, rest] of svg.matchAll(/<(\/?)([a-z]+)([^>]*)>/g)) {
    if (slash) expect(open.pop()).toBe(name);
    else if (!rest.endsWith("/")) open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
}

test("a line is drawn through its points, interrupted where one is missing", () => {
  const svg = lineFigure([{ label: "a < b", x: [0, 1, 2, 3], y: [0, 1, NaN, 4] }], {
    title: "Loss & more",
    xLabel: "step",
    marks: [{ x: 1, label: "here" }],
  });
  wellFormed(svg);
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain('d="M58 256L194 200.5M466 34"'); // 0 at the left, bottom; 3 at the right, top
  expect(svg).toContain("Loss &amp; more");
});

test("names stand at the upper right, and where lines rise there, at the upper left", () => {
  const at = (y: number[]) =>
    /text-anchor="(start|end)" fill="[^"]+" stroke="#fff"/.exec(
      lineFigure([{ label: "loss", x: [0, 1, 2, 3], y }]),
    )?.[1];
  expect(at([4, 2, 1, 0])).toBe("end");
  expect(at([0, 1, 2, 4])).toBe("start");
});

test("figures of nothing, of one point and of huge numbers are still figures", () => {
  for (const svg of [
    lineFigure([]),
    lineFigure([{ x: [1], y: [5] }]),
    lineFigure([{ x: [0, 1], y: [1e300, -1e300] }]),
    lineFigure([{ x: [0, 1], y: [0, 1e-9] }], { logY: true }),
    scatterFigure([{ x: [NaN], y: [1] }]),
    heatMapFigure(tensor([1, 1], [0])),
  ])
    wellFormed(svg);
});

test("points and matrices are drawn, one mark each", () => {
  const points = scatterFigure([
    { label: "hand", x: [0, 1, 2], y: [1, 2, 0], joined: true },
    { x: [1], y: [1] },
  ]);
  wellFormed(points);
  expect(points.match(/<circle/g)!.length).toBe(4);
  const map = heatMapFigure(
    tensor(
      [3, 4],
      Array.from({ length: 12 }, (_, i) => (i === 5 ? NaN : i - 6)),
    ),
    { title: "W" },
  );
  wellFormed(map);
  expect(map.match(/<rect/g)!.length).toBe(13); // and the background
  expect(map).toContain("rgb(33,102,172)");
  expect(map).toContain("#999");
});

test("a logarithmic axis has its ticks at powers of ten", () => {
  const svg = lineFigure([{ x: [0, 1, 2], y: [1, 10, 1000] }], { logY: true });
  for (const tick of ["1", "10", "100", "1000"]) expect(svg).toContain(`>${tick}</text>`);
});

test("wrong calls are refused", () => {
  expect(() => lineFigure([{ x: [1, 2], y: [1] }])).toThrow(
    "lineFigure: expected as many x as y in series 0, got 2 and 1. Give every point both.",
  );
  expect(() => heatMapFigure(tensor([0, 3], []))).toThrow("heatMapFigure: expected a matrix with entries, got (0 × 3)");
});
