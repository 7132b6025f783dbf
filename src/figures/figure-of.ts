import { config } from "./config";
import { freeNames } from "./free-names";
import type { Figure, Part } from "./specification";
import { withTicks, wrapped } from "./ticks";

interface Frame {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** pixels to leave free between title and plot, for what stands above it */
  readonly room?: number;
}

const schema = "https://vega.github.io/schema/vega-lite/v6.json";

/** A figure of one view, or of layers over each other, that is as large as the options say, labels and all. */
export function figureOf({ title, width, height, room = 0 }: Frame, description: string, view: Part): Figure {
  const size = { width, height, autosize: { type: "fit", contains: "padding" } },
    plot = { width: width - besidePlot, height: height - besidePlot };
  return {
    $schema: schema,
    description,
    ...titled(title, plot.width, room),
    ...size,
    ...withTicks(freeNames(view), plot),
    config,
  };
}

/** What labels, titles and a legend take of a figure, about. */
const besidePlot = 90;

/** A figure of several views: each is as large as it says. */
export const figureOfPanels = (title: string, description: string, width: number, panels: Part): Figure => ({
  $schema: schema,
  description,
  ...titled(title, width - besidePlot),
  ...withTicks(freeNames(panels), { width, height: width }),
  config,
});

const titled = (title: string, width: number, room = 0): Part => {
  if (!title) return {};
  const text = wrapped(title, width, 7.4);
  return { title: room > 0 || typeof text !== "string" ? { text, offset: 8 + room } : text };
};

/** What JSON can hold of a number: what is not finite is missing, and zero has no sign. */
export const jsonNumber = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null);

/** The title of an axis; none where there is no text. */
export const axisTitle = (text: string): string | null => text || null;

/** A number for a description. */
export const inWords = (value: number): string => String(Number(value.toPrecision(3)));

/** The range of what is finite, in words. */
export function rangeInWords(values: Iterable<number>): string {
  let low = Infinity,
    high = -Infinity;
  for (const value of values) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low > high
    ? "without a number"
    : low === high
      ? `${inWords(low)} throughout`
      : `${inWords(low)} to ${inWords(high)}`;
}
