/** figures: draws results as Vega-Lite specifications: plain JSON with the data in it. */
export type { Figure, Json } from "./specification";
export type { FigureOptions } from "./figure-options";
export type { Mark } from "./marks";
export { lineFigure, type Line, type LineFigureOptions } from "./line-figure";
export { scatterFigure, type Points } from "./scatter-figure";
export { singularValueFigure, type DrawnRow } from "./singular-value-figure";
export { heatMapFigure } from "./heat-map-figure";
