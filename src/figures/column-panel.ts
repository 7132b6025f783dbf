import type { Matrix } from "../tensor";
import { colors, gray } from "./config";
import { axisTitle, jsonNumber } from "./figure-of";
import type { Groups } from "./groups";
import { markLayers, pieceOf, roomForMarks, trialPlot, type Mark } from "./marks";
import { panelTitle } from "./panels";
import type { Json, Part } from "./specification";
import { pointStyles } from "./styles";

/** What the rows of a factor are. */
export type ModeName = "trials" | "time" | "neurons" | "units";

interface ColumnPanel {
  readonly mode: ModeName;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly xTitle: string | null;
  readonly yTitle: string | null;
  readonly dt: number;
  readonly conditions: Groups | undefined;
  /** of the whole figure, for the legend */
  readonly whole: number;
  readonly marks: readonly Mark[];
  /** whether marks are named: in the first of several panels over each other */
  readonly namesMarks: boolean;
}

/** A panel with column r of a factor: bars of neurons, a line over time, or points of trials. */
export function columnPanel(factor: Matrix, r: number, panel: ColumnPanel): Part {
  const [count, rank] = factor.shape,
    column = Array.from({ length: count }, (_, i) => factor.data[i * rank + r]);
  const y: Part = { field: "y", type: "quantitative", title: panel.yTitle, axis: { tickCount: 3 } };
  const size = { width: panel.width, height: panel.height, view: { stroke: null } };
  const place = (field: string): Part => ({
    field,
    type: "quantitative",
    title: axisTitle(panel.xTitle ?? ""),
    scale: { nice: false, zero: false },
    axis: { grid: false, ...(panel.mode === "time" ? {} : { tickMinStep: 1 }) },
  });
  const layer: Part[] = [zeroLine];
  const marks = panel.mode === "trials" ? panel.marks : [],
    named = marks.map((mark) => ({ ...mark, label: panel.namesMarks ? mark.label : "" }));
  if (panel.mode === "time") {
    const values = column.map((value, i) => ({ x: (i + 1) * panel.dt, y: jsonNumber(value) }));
    layer.push({ data: { values }, mark: { type: "line", color: colors[0] }, encoding: { x: place("x"), y } });
  } else if (panel.mode === "trials")
    layer.push(...markLayers(named, trialPlot(panel.width, count)), ...trialLayers(column, panel, place("x"), y));
  else {
    const values = column.map((value, i) => ({ x: i - 0.5, x2: i + 0.5, y: jsonNumber(value), zero: 0 }));
    const mark = { type: "rect", color: colors[0], strokeWidth: 0 },
      ends = { x2: { field: "x2" }, y2: { field: "zero" } };
    layer.push({ data: { values }, mark, encoding: { x: place("x"), y, ...ends } });
  }
  const room = panel.namesMarks ? roomForMarks(marks, trialPlot(panel.width, count)) : 0;
  return { ...size, ...(panel.title ? { title: panelTitle(panel.title, panel.width, room) } : {}), layer };
}

const zeroLine: Part = {
  data: { values: [{ zero: 0 }] },
  mark: { type: "rule", color: gray, strokeWidth: 0.8 },
  encoding: { y: { field: "zero", type: "quantitative" } },
};

/** Points of trials by condition, joined in gray within an epoch where there are no conditions. */
function trialLayers(column: readonly number[], { conditions, marks, whole }: ColumnPanel, x: Part, y: Part): Part[] {
  const values: Json[] = column.map((value, k) => ({
    x: k,
    y: jsonNumber(value),
    piece: pieceOf(marks, k),
    ...(conditions ? { condition: conditions.names[conditions.of[k]] } : {}),
  }));
  const detail = { field: "piece", type: "nominal" };
  if (!conditions)
    return [
      { data: { values }, mark: { type: "line", color: colors[0], strokeWidth: 1.2 }, encoding: { x, y, detail } },
      { data: { values }, mark: { type: "point", color: colors[0], size: 12 }, encoding: { x, y } },
    ];
  const named = conditions.names.map((label) => ({ label }));
  const styles = pointStyles(named, whole, "condition", { of: "condition" });
  return [{ data: { values }, mark: { type: "point", size: 22 }, encoding: { x, y, ...styles } }];
}
