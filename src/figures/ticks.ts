import type { Json, Part } from "./specification";

/** Pixels that a label takes at most, with room beside it, along x and along y. */
const perLabel = { x: 64, y: 30 } as const;

/** As many ticks as have room on so many pixels, two at least, and three along y. */
export const tickCount = (channel: "x" | "y", pixels: number): number =>
  Math.max(channel === "x" ? 2 : 3, Math.floor(pixels / perLabel[channel]));

/** A view, its layers and its panels, with as many ticks on each axis as have room: where an axis says none itself. */
export function withTicks(view: Part, outer: { readonly width: number; readonly height: number }): Part {
  const size = {
    width: typeof view.width === "number" ? view.width : outer.width,
    height: typeof view.height === "number" ? view.height : outer.height,
  };
  const list = (name: string): Part =>
    name in view ? { [name]: (view[name] as readonly Part[]).map((part) => withTicks(part, size)) } : {};
  const encoding = view.encoding as Readonly<Record<string, Part>> | undefined;
  const channel = (name: "x" | "y", pixels: number): Part =>
    encoding?.[name] ? { [name]: ticked(encoding[name], tickCount(name, pixels)) } : {};
  const encoded: Part = encoding
    ? { encoding: { ...encoding, ...channel("x", size.width), ...channel("y", size.height) } }
    : {};
  return { ...view, ...list("layer"), ...list("concat"), ...encoded };
}

function ticked(channel: Part, count: number): Part {
  const axis = (channel.axis ?? {}) as Part,
    said = "tickCount" in axis || "values" in axis;
  if (channel.type !== "quantitative" || channel.axis === null || said) return channel;
  return { ...channel, axis: { ...axis, tickCount: count } };
}

/**
 * Ticks of a logarithmic axis: every power of ten, or every second, third … as has room; over less than two of them
 * also twice and five times each; over hardly any, round numbers.
 */
export function logTicks(low: number, high: number, pixels: number): readonly number[] {
  const count = tickCount("y", pixels);
  if (!(low > 0 && low < Infinity)) return [];
  if (!(high > low)) return [low];
  const [from, to] = [exponentOf(low), exponentOf(high)],
    within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= low && tick <= high);
  const exponents = Array.from({ length: to - from + 2 }, (_, i) => from + i),
    powers = within(exponents.map((e) => power(e)));
  if (powers.length > 2) {
    const every = Math.ceil(powers.length / count);
    return powers.filter((tick) => exponentOf(tick) % every === 0);
  }
  const finer = within(exponents.flatMap((e) => [1, 2, 5].map((digit) => power(e, digit))));
  return finer.length > 2 ? finer : roundNumbers(low, high, Math.max(3, count));
}

const exponentOf = (value: number): number => Number(value.toExponential().split("e")[1]);
const power = (exponent: number, digit = 1): number => Number(`${digit}e${exponent}`);

/**
 * At least two numbers from `low` to `high` in steps of 1, 2 or 5 of a decimal place; the ends where none are, and one
 * end where they differ by rounding: no two labels of 12 digits would.
 */
function roundNumbers(low: number, high: number, count: number): readonly number[] {
  if (high - low <= 1e-10 * high) return [low];
  const place = exponentOf(high - low);
  const steps = [place - 2, place - 1, place].flatMap((e) => [1, 2, 5].map((digit) => power(e, digit)));
  const step = steps.find((one) => (high - low) / one <= count) ?? high - low;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks.length > 1 ? ticks : [low, high];
}

/** Text in lines of at most so many pixels, in letters so wide: one line as a text, several as a list. */
export function wrapped(text: string, pixels: number, letter: number): Json {
  const most = Math.max(8, Math.floor(pixels / letter));
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length > 1 ? lines : text;
}
