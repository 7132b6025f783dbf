import { checkSeries, colors, figure, legend, linearAxis, plotOf, px, type FigureOptions } from "./axes";

/** One cloud of points; those that are not finite are left out. */
export interface Points {
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** joined in their order, such as along a trajectory */
  readonly joined?: boolean;
}

/**
 * Points in a plane, such as angles of two subspaces, or trajectories of a hand.
 *
 * @returns one SVG document as text
 * @throws RangeError when a series' x and y differ in length
 * @example scatterFigure([{ x: [0, 1], y: [0, 1] }]).startsWith("<svg") // true
 */
export function scatterFigure(series: readonly Points[], options: FigureOptions = {}): string {
  checkSeries("scatterFigure", series);
  const { left, right, top, bottom } = plotOf(options);
  const x = linearAxis(
      series.flatMap((points) => Array.from(points.x)),
      left,
      right,
    ),
    y = linearAxis(
      series.flatMap((points) => Array.from(points.y)),
      bottom,
      top,
    );
  const drawn = series.map((points, i) => {
    const color = colors[i % colors.length];
    const places = Array.from(points.x, (value, k) => [x.at(value), y.at(points.y[k])]).filter(
      ([a, b]) => Number.isFinite(a) && Number.isFinite(b),
    );
    const dots = places
      .map(([a, b]) => `<circle cx="${px(a)}" cy="${px(b)}" r="2.5" fill="${color}" fill-opacity=".7"/>`)
      .join("");
    const path =
      points.joined && places.length > 1
        ? `<path d="M${places.map(([a, b]) => `${px(a)} ${px(b)}`).join("L")}" fill="none" stroke="${color}" stroke-opacity=".6"/>`
        : "";
    return path + dots;
  });
  return figure(
    options,
    x,
    y,
    drawn.join("") +
      legend(
        options,
        series.map((points) => points.label),
      ),
  );
}
