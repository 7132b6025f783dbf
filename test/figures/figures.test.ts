import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { heatMapFigure, lineFigure, scatterFigure, singularValueFigure } from "../../src/figures";
import { tensor } from "../../src/tensor";
import { sweep } from "../support/sweep";

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

/** The texts of a figure, with where they stand. */
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="([a-z]+)"[^>]*>([^<]*)</g)].map(
    ([, x, y, anchor, text]) => ({ x: Number(x), y: Number(y), anchor, text }),
  );
/** Labels on the y axis, and on the x axis. */
const ticksOf = (svg: string) => {
  const texts = textsOf(svg).filter(({ text }) => text !== "" && Number.isFinite(Number(text)));
  const onX = ({ anchor }: { anchor: string }) => anchor === "middle";
  return {
    x: texts.filter(onX).map(({ text }) => text),
    y: texts.filter((text) => !onX(text)).map(({ text }) => text),
  };
};

test("a line is drawn through its points, interrupted where one is missing", () => {
  const svg = lineFigure([{ x: [0, 1, 2, 3], y: [0, 1, NaN, 4] }], { title: "Loss & more", xLabel: "step < stop" });
  wellFormed(svg);
  expect(svg).toContain('d="M58 256L194 200.5M466 34"'); // 0 at the left, bottom; 3 at the right, top
  expect(svg).toContain("Loss &amp; more");
  expect(svg).toContain("step &lt; stop");
});

test("lines are not joined across a mark that breaks them", () => {
  const line = { x: [0, 1, 2, 3], y: [0, 1, 2, 3] };
  const pathWith = (breaks: boolean) =>
    / d="(M[^"]+)" fill="none" stroke="#0072b2"/.exec(
      lineFigure([line], { marks: [{ x: 2, label: "", breaks }] }),
    )?.[1];
  expect(pathWith(false)).toMatch(/^M[\d. ]+L[\d. ]+L[\d. ]+L[\d. ]+$/);
  expect(pathWith(true)).toMatch(/^M[\d. ]+L[\d. ]+M[\d. ]+L[\d. ]+$/);
});

test("names of lines and of marks stand above the plot, where no line can cross them", () => {
  const names = [
    "singular value 1",
    "singular value 2",
    "singular value 3",
    "number 6, past the bound",
    "a very long name ".repeat(9),
  ];
  const svg = lineFigure(
    names.map((label, i) => ({ label, x: [0, 1], y: [i, 9] })),
    {
      marks: [
        { x: 0, label: "field" },
        { x: 1, label: "washout" },
      ],
      title: "t",
    },
  );
  wellFormed(svg);
  const top = Number(/M[\d.]+ ([\d.]+)V[\d.]+H/.exec(svg)?.[1]);
  const texts = textsOf(svg).filter(({ text }) => /singular|number|very|field|washout/.test(text));
  expect(texts.length).toBe(7);
  for (const { x, y, anchor, text } of texts) {
    expect(y).toBeLessThan(top);
    expect(anchor === "end" ? x - 6.5 * text.length : x, text).toBeGreaterThanOrEqual(0);
    expect(anchor === "start" ? x + 6.5 * text.length : x, text).toBeLessThanOrEqual(480);
  }
});

test("ticks have labels that differ, whatever the numbers", () => {
  expect(ticksOf(lineFigure([{ x: [0, 1], y: [1.5e6, 3e6] }])).y).toEqual(["1.5e+6", "2e+6", "2.5e+6", "3e+6"]);
  sweep((draw) => {
    const scale = 10 ** draw.int(-12, 12),
      offset = draw.int(0, 2) === 0 ? 0 : scale * 10 ** draw.int(0, 12);
    const y = Array.from(draw.normal([5]).data, (value) => offset + scale * value);
    for (const options of [{}, { logY: true }]) {
      const svg = lineFigure([{ x: y, y: options.logY ? y.map(Math.abs) : y }], options);
      wellFormed(svg);
      const ticks = ticksOf(svg);
      for (const labels of [ticks.x, ticks.y]) {
        expect(new Set(labels).size).toBe(labels.length);
        expect(labels.length).toBeGreaterThanOrEqual(2);
      }
    }
  }, 300);
});

test("a logarithmic axis has its ticks at round numbers", () => {
  const ticks = (y: number[]) => ticksOf(lineFigure([{ x: y.map(() => 0), y }], { logY: true })).y;
  expect(ticks([1, 10, 1000])).toEqual(["1", "10", "100", "1000"]);
  expect(ticks([0.12, 0.9])).toEqual(["0.2", "0.4", "0.6", "0.8"]);
  expect(ticks([0.08, 0.9])).toEqual(["0.1", "0.2", "0.5"]);
  expect(ticks([0.421, 0.445])).toEqual(["0.425", "0.43", "0.435", "0.44", "0.445"]);
  expect(ticks([1e-15, 1e15]).length).toBeLessThanOrEqual(6);
});

test("figures of nothing, of one point and of huge numbers are still figures", () => {
  for (const svg of [
    lineFigure([]),
    lineFigure([{ x: [1], y: [5] }]),
    lineFigure([{ x: [0, 1], y: [1e300, -1e300] }]),
    lineFigure([{ x: [0, 1], y: [1.7e308, -1.7e308] }]),
    lineFigure([{ x: [1.7e308], y: [5e-324] }]),
    lineFigure([{ x: [1.7e308], y: [5e-324] }], { logY: true }),
    lineFigure([{ x: [0, 1], y: [0, 1e-9] }], { logY: true }),
    lineFigure([{ x: [0, 1], y: [-1, 0] }], { logY: true }),
    scatterFigure([{ x: [NaN], y: [1] }]),
    heatMapFigure(tensor([1, 1], [0])),
    heatMapFigure(tensor([1, 1], [1.7e308])),
    lineFigure([{ label: "x".repeat(500), x: [0], y: [1] }], {
      width: 160,
      height: 120,
      title: "t",
      marks: [{ x: 0, label: "m" }],
    }),
  ])
    wellFormed(svg);
});

test("points and matrices are drawn, one mark each", () => {
  const points = scatterFigure([
    { label: "hand", x: [0, 1, 2], y: [1, 2, 0], joined: true },
    { x: Float32Array.of(1), y: Float32Array.of(1) },
  ]);
  wellFormed(points);
  expect(points.match(/<circle/g)?.length).toBe(4);
  const entries = Array.from({ length: 12 }, (_, i) => (i === 5 ? NaN : i - 6));
  const map = heatMapFigure(tensor([3, 4], entries), { title: "W" });
  wellFormed(map);
  expect(map.match(/fill="rgb|fill="#999/g)?.length).toBe(12 + 20);
  expect(map).toContain("rgb(33,102,172)");
  expect(map).toContain("#999");
});

test("a heat map has a bar that says what its colors mean", () => {
  const map = heatMapFigure(tensor([2, 2], [-4, 0, 1, 3]));
  const bar = textsOf(map).filter(({ x, anchor }) => x > 400 && anchor === "start");
  expect(bar.map(({ text }) => text)).toEqual(["-4", "-2", "0", "2", "4"]);
});

test("whatever text or size comes in, no markup comes out of it", () => {
  const evil = `"><script>alert('1')</script>&\u0000\ud800`;
  const figures = [
    lineFigure([{ label: evil, x: [0], y: [1] }], {
      title: evil,
      xLabel: evil,
      yLabel: evil,
      marks: [{ x: 0, label: evil }],
    }),
    scatterFigure([{ label: evil, x: [0], y: [1] }], { title: evil, xLabel: evil, yLabel: evil }),
    heatMapFigure(tensor([1, 1], [1]), { title: evil, xLabel: evil, yLabel: evil }),
  ];
  for (const svg of figures) {
    wellFormed(svg);
    expect(svg).not.toMatch(/<script|'|\0|\ud800/);
    expect(svg).toContain("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\ufffd\ufffd");
  }
  for (const size of ['1"/><script/>', 0, -1, NaN, Infinity, 1e9, null, {}])
    for (const key of ["width", "height"])
      expect(() => lineFigure([], { [key]: size } as never), `${key} ${size}`).toThrow(LtrnnError);
});

test("wrong calls are refused", () => {
  expect(() => lineFigure([{ x: [1, 2], y: [1] }])).toThrow(
    "lineFigure: expected as many x as y in lines[0], got 2 and 1. Give every point both.",
  );
  expect(() => heatMapFigure(tensor([0, 3], []))).toThrow(
    "heatMapFigure: expected a matrix of 1 to 250000 entries, got (0 × 3)",
  );
  expect(() => lineFigure([{ x: [0], y: [1] }], { logy: true } as never)).toThrow("Did you mean logY?");
  expect(() => singularValueFigure({ rows: [] } as never)).toThrow("singularValueFigure: expected a comparison");
  expect(() => singularValueFigure([] as never)).toThrow(LtrnnError);
});
