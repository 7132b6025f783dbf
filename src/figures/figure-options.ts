import type { FieldsOf } from "../base";

/** What all figures share. */
export interface FigureOptions {
  /** default what is drawn, or none */
  readonly title?: string;
  /** default what results are over, or none */
  readonly xLabel?: string;
  /** default what results are of, or none */
  readonly yLabel?: string;
  /** of the whole figure, in pixels, 160 to 10 000; default 480 */
  readonly width?: number;
  /** of the whole figure, in pixels, 120 to 10 000; default 300 */
  readonly height?: number;
}

export const figureFields = {
  title: { is: "text", fallback: "" },
  xLabel: { is: "text", fallback: "" },
  yLabel: { is: "text", fallback: "" },
  width: { is: "number", least: 160, most: 10_000, fallback: 480 },
  height: { is: "number", least: 120, most: 10_000, fallback: 300 },
} as const satisfies FieldsOf<FigureOptions>;
