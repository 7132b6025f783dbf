import type { FieldsOf } from "../base";
import { gray } from "./config";
import type { Part } from "./specification";

/** A place on the x axis to mark. */
export interface Mark {
  readonly x: number;
  readonly label: string;
  /** lines are not joined across it, as where the task jumps; default false */
  readonly breaks?: boolean;
}

export const markFields = {
  x: { is: "number", needed: true },
  label: { is: "text", needed: true },
  breaks: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<Mark>;

/** Layers of vertical lines at marks, with their names right above the plot, in two rows where one has no room. */
export function markLayers(marks: readonly Mark[], plot: MarkedPlot): Part[] {
  if (marks.length === 0) return [];
  const rows = rowsOf(marks, plot);
  const data = {
      values: marks.map(({ x, label }, i) => ({ x, label: rows[i] === null ? "" : label, row: rows[i] ?? 0 })),
    },
    x = { field: "x", type: "quantitative" };
  return [
    { data, mark: { type: "rule", stroke: gray, strokeDash: [2, 3] }, encoding: { x } },
    ...[0, 1].flatMap((row): Part[] =>
      rows.includes(row)
        ? [
            {
              data,
              transform: [{ filter: `datum.row === ${row}` }],
              mark: { type: "text", align: "left", baseline: "bottom", dx: 2, fill: "#555", fontSize: 11 },
              encoding: { x, y: { value: -2 - 13 * row }, text: { field: "label", type: "nominal" } },
            },
          ]
        : [],
    ),
  ];
}

/** Between which marks that break lines a place lies: lines are joined within one such piece. */
export const pieceOf = (marks: readonly Mark[], x: number): number =>
  marks.filter((mark) => mark.breaks && mark.x <= x).length;

/** The width of a plot in pixels, and what its x axis reaches over. */
export interface MarkedPlot {
  readonly width: number;
  readonly low: number;
  readonly high: number;
}

/** The plot of trials from 0 on. */
export const trialPlot = (width: number, trials: number): MarkedPlot => ({
  width,
  low: 0,
  high: Math.max(1, trials - 1),
});

/** The row of each name: the first that has room, null where none has. */
function rowsOf(marks: readonly Mark[], { width, low, high }: MarkedPlot): (number | null)[] {
  const ends = [-Infinity, -Infinity];
  const order = marks.map((_, i) => i).sort((a, b) => marks[a].x - marks[b].x);
  const rows: (number | null)[] = marks.map(() => null);
  for (const i of order) {
    const at = high > low ? ((marks[i].x - low) / (high - low)) * width : 0,
      row = ends.findIndex((end) => at > end);
    if (row < 0) continue;
    rows[i] = row;
    ends[row] = at + 6.3 * marks[i].label.length + 6;
  }
  return rows;
}

/** Room above the plot for the names of marks. */
export const roomForMarks = (marks: readonly Mark[], plot: MarkedPlot): number => {
  const rows = marks.length > 0 ? rowsOf(marks, plot) : [];
  return rows.includes(1) ? 27 : rows.length > 0 ? 14 : 0;
};
