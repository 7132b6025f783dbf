/** vega: figures as SVG text, and reports as one HTML file; the only door to vega and vega-lite. */
export { toSvg } from "./to-svg";
export { report, type ReportOptions, type ReportTable } from "./report";
export type { Reported } from "./describe-result";
