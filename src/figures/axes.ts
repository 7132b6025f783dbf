/** What all figures share. */
export interface FigureOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** in pixels; default 480 × 300 */
  readonly width?: number;
  readonly height?: number;
}

/** An axis: where a value lies, and at which values to put ticks. */
export interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Where the plot lies in the figure: room for a title above, labels below and to the left. */
export const plotOf = ({ width = 480, height = 300, title }: FigureOptions) => ({
  width,
  height,
  left: 58,
  right: width - 14,
  top: title ? 34 : 14,
  bottom: height - 44,
});

/** Colors that people with any color vision tell apart (Okabe & Ito 2008). */
export const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** A linear axis over the finite values, from `from` to `to` in pixels, ticks at round numbers. */
export function linearAxis(values: Iterable<number>, from: number, to: number): Axis {
  let low = Infinity,
    high = -Infinity;
  for (const value of values) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = low === 0 ? [-1, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const rough = (high - low) / 5,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9),
    count = Math.floor(high / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks };
}

/** The document: background, title, axes with ticks and labels, and what is drawn inside. */
export function figure(options: FigureOptions, x: Axis, y: Axis, content: string): string {
  const { width, height, left, right, top, bottom } = plotOf(options);
  const xTicks = x.ticks.map(
    (tick) =>
      `<path d="M${px(x.at(tick))} ${bottom}v4" stroke="#444"/><text x="${px(x.at(tick))}" y="${bottom + 17}" text-anchor="middle">${label(tick)}</text>`,
  );
  const yTicks = y.ticks.map(
    (tick) =>
      `<path d="M${left} ${px(y.at(tick))}h-4M${left} ${px(y.at(tick))}H${right}" stroke="#444" stroke-opacity=".15"/><text x="${left - 7}" y="${px(y.at(tick) + 4)}" text-anchor="end">${label(tick)}</text>`,
  );
  const texts = [
    options.title ? `<text x="${left}" y="20" font-size="13" font-weight="600">${escape(options.title)}</text>` : "",
    options.xLabel
      ? `<text x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${escape(options.xLabel)}</text>`
      : "",
    options.yLabel
      ? `<text transform="translate(14 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(options.yLabel)}</text>`
      : "",
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(options.title ?? "figure")}" font-family="system-ui, sans-serif" font-size="11" fill="#222">
<rect width="${width}" height="${height}" fill="#fff"/>
${yTicks.join("")}${xTicks.join("")}
<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="#444"/>
${content}
${texts.join("")}
</svg>`;
}

/** The names of series, one below the other at the upper right, or left. */
export function legend(options: FigureOptions, names: readonly (string | undefined)[], atLeft = false): string {
  const { left, right, top } = plotOf(options),
    [x, anchor] = atLeft ? [left + 6, "start"] : [right - 4, "end"];
  return names
    .flatMap((name, i) => (name ? [{ name, color: colors[i % colors.length] }] : []))
    .map(
      ({ name, color }, row) =>
        `<text x="${x}" y="${top + 12 + 14 * row}" text-anchor="${anchor}" fill="${color}" stroke="#fff" stroke-width="3" paint-order="stroke">${escape(name)}</text>`,
    )
    .join("");
}

/** A pixel position: a tenth is enough, and keeps the text short and stable. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** A number as text on an axis. */
export const label = (value: number): string =>
  value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3) ? value.toExponential(0) : String(value);

export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/** Refuse a series whose x and y differ in length. */
export function checkSeries(
  where: string,
  series: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[],
): void {
  series.forEach(({ x, y }, i) => {
    if (x.length !== y.length)
      throw new RangeError(
        `${where}: expected as many x as y in series ${i}, got ${x.length} and ${y.length}. Give every point both.`,
      );
  });
}
