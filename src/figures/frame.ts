import type { Axis } from "./axis";
import type { FilledFigureOptions } from "./figure-options";
import { escapeText, px, textAt, widthOf } from "./svg";

/** Where the plot lies in the figure, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The place from top to bottom, with room for a title and `above` it, and for labels below. */
export const plotHeight = ({ height, title }: FilledFigureOptions, above = 0): Pick<Plot, "top" | "bottom"> => ({
  top: Math.min((title ? 34 : 14) + above, height - 60),
  bottom: height - 44,
});

/** The place from left to right, with room for the labels of the y axis, and for what stands on the right. */
export function plotWidth({ width }: FilledFigureOptions, y: Axis, onTheRight = 0): Pick<Plot, "left" | "right"> {
  const longest = y.ticks.reduce((most, { label }) => Math.max(most, widthOf(label)), 0);
  const right = width - 14 - onTheRight;
  return { left: Math.min(Math.max(58, Math.ceil(34 + longest)), right - 40), right };
}

/** The document: background, title, axes with ticks and labels, and what is drawn inside. */
export function frame(options: FilledFigureOptions, plot: Plot, x: Axis, y: Axis, content: string): string {
  const { width, height, title } = options,
    size = `${px(width)} ${px(height)}`;
  const name = escapeText(title || "figure");
  const box = `viewBox="0 0 ${size}" width="${px(width)}" height="${px(height)}"`,
    font = `font-family="system-ui, sans-serif" font-size="11" fill="#222"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img" aria-label="${name}" ${font}>
<rect width="${px(width)}" height="${px(height)}" fill="#fff"/>
${yTicks(plot, y)}${xTicks(plot, x)}
<path d="M${px(plot.left)} ${px(plot.top)}V${px(plot.bottom)}H${px(plot.right)}" fill="none" stroke="#444"/>
${content}
${labels(options, plot)}
</svg>`;
}

const xTicks = ({ bottom }: Plot, axis: Axis) =>
  axis.ticks
    .map(({ value, label }) => {
      const x = axis.position(value);
      return `<path d="M${px(x)} ${px(bottom)}v4" stroke="#444"/>${textAt(x, bottom + 17, "middle", label)}`;
    })
    .join("");

const yTicks = ({ left, right }: Plot, axis: Axis) =>
  axis.ticks
    .map(({ value, label }) => {
      const y = axis.position(value),
        line = `M${px(left)} ${px(y)}h-4M${px(left)} ${px(y)}H${px(right)}`;
      return `<path d="${line}" stroke="#444" stroke-opacity=".15"/>${textAt(left - 7, y + 4, "end", label)}`;
    })
    .join("");

function labels({ title, xLabel, yLabel, height }: FilledFigureOptions, { left, right, top, bottom }: Plot): string {
  const middle = (top + bottom) / 2;
  return [
    title && textAt(left, 20, "start", title, ' font-size="13" font-weight="600"'),
    xLabel && textAt((left + right) / 2, height - 8, "middle", xLabel),
    yLabel && textAt(0, 0, "middle", yLabel, ` transform="translate(14 ${px(middle)}) rotate(-90)"`),
  ]
    .filter(Boolean)
    .join("");
}
