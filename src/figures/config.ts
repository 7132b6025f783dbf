import type { Part } from "./specification";

/** Colors that people with any color vision tell apart (Okabe & Ito 2008), without the yellow that white hides. */
export const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"] as const;

/** Dashes tell lines apart where print is gray; series run through them faster than through the colors. */
export const dashes = [
  [1, 0],
  [7, 3],
  [7, 2, 2, 2],
  [4, 2],
  [12, 3],
  [12, 2, 2, 2, 2, 2],
] as const;

/** Dots, for lines to compare with: null models, thresholds, bounds. */
export const dots = [
  [2, 2],
  [2, 5],
  [1, 1.5],
  [1, 4],
] as const;

export const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"] as const;

/** What marks that stand behind data are drawn in. */
export const gray = "#767676";

/**
 * From dark blue by gray to yellow, lighter throughout (Nuñez, Anderton & Renslow 2018): what is larger is lighter for
 * every eye and in gray print, and 0 in the middle of a range is gray.
 */
export const shades = "cividis";

/** A bar of colors on the right of a plot of some height, and what it takes of the width of a figure. */
export const barOf = (height: number): Part => ({
  type: "gradient",
  orient: "right",
  direction: "vertical",
  titleOrient: "top",
  titlePadding: 5,
  gradientLength: Math.round(Math.max(30, Math.min(200, height - 20))),
  tickCount: Math.max(2, Math.round(Math.min(200, height - 20) / 40)),
});
export const colorBar = 54;

const font = "system-ui, sans-serif";

/** Ticks as texts that tell them apart: in full, or with an exponent where a number is very large or small. */
const exponentLabels =
  "format(datum.value, datum.value != 0 && (abs(datum.value) >= 1e5 || abs(datum.value) < 1e-3) ? '.12~e' : '.12~g')";

/** What all figures look like. Legends stand above the plot, so that they cover nothing. */
export const config: Part = {
  background: "white",
  aria: false, // a figure is one image with one description
  font,
  padding: 8,
  title: { anchor: "start", frame: "group", fontSize: 13, fontWeight: 600, color: "#222", offset: 8 },
  view: { stroke: null },
  axis: {
    grid: true,
    gridColor: "#ddd",
    domainColor: "#555",
    tickColor: "#555",
    labelColor: "#222",
    titleColor: "#222",
    titleFontWeight: "normal",
    labelFontSize: 11,
    titleFontSize: 11,
    labelOverlap: "parity",
    labelSeparation: 4,
    tickSize: 4,
    labelFlush: false,
  },
  axisQuantitative: { labelExpr: exponentLabels },
  legend: {
    orient: "top",
    direction: "horizontal",
    title: null,
    titleOrient: "left",
    titlePadding: 10,
    labelColor: "#222",
    titleColor: "#222",
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    symbolStrokeWidth: 2,
    symbolOpacity: 1,
    symbolSize: 70,
    columnPadding: 14,
    offset: 8,
  },
  header: { labelColor: "#222", titleColor: "#222", labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" },
  range: { category: colors, symbol: shapes },
  line: { strokeWidth: 1.8 },
  point: { filled: true, size: 28, opacity: 0.85 },
};
