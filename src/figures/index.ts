/** figures: draws results as SVG text. */
export type { FigureOptions } from "./figure-options";
export { lineFigure, type Line, type LineFigureOptions, type Mark } from "./line-figure";
export { scatterFigure, type Points } from "./scatter-figure";
export { singularValueFigure, type DrawnRow } from "./singular-value-figure";
export { heatMapFigure } from "./heat-map-figure";
