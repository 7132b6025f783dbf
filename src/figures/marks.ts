import type { FieldsOf } from "../base";
import { gray } from "./config";
import type { Part } from "./specification";

/** A place on the x axis to point out. */
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

/** Layers of vertical lines at marks, with their names right above the plot. */
export function markLayers(marks: readonly Mark[]): Part[] {
  if (marks.length === 0) return [];
  const data = { values: marks.map(({ x, label }) => ({ x, label })) },
    x = { field: "x", type: "quantitative" };
  return [
    { data, mark: { type: "rule", stroke: gray, strokeDash: [2, 3] }, encoding: { x } },
    {
      data,
      mark: { type: "text", align: "left", baseline: "bottom", dx: 2, fill: "#555", fontSize: 11 },
      encoding: { x, y: { value: -2 }, text: { field: "label", type: "nominal" } },
    },
  ];
}

/** Between which marks that break lines a place lies: lines are joined within one such piece. */
export const pieceOf = (marks: readonly Mark[], x: number): number =>
  marks.filter((mark) => mark.breaks && mark.x <= x).length;

/** Room above the plot for the names of marks. */
export const roomForMarks = (marks: readonly Mark[]): number => (marks.length > 0 ? 14 : 0);
