/** figures: draws results as SVG text; imports types only. */
export { lineFigure, type Line, type LineFigureOptions } from "./line-figure";
export { scatterFigure, type Points } from "./scatter-figure";
export { singularValueFigure } from "./singular-value-figure";
export { heatMapFigure } from "./heat-map-figure";
export type { FigureOptions } from "./axes";
