/** The exponent of a positive number's first digit: 3 for 1000 and for 9999. */
export const decadeOf = (value: number): number => Number(value.toExponential().split("e")[1]);

/** 10^n, as near as a double can be. */
export const powerOfTen = (n: number): number => Number(`1e${n}`);

/** Round numbers from low to high, about five of them. */
export function roundTicks(low: number, high: number): number[] {
  const rough = high / 5 - low / 5,
    power = powerOfTen(decadeOf(rough));
  const step = [1, 2, 5, 10].map((multiple) => multiple * power).find((size) => size >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9),
    count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Ticks of a logarithmic axis from low to high, both positive: powers of ten; between them 2 and 5 where there are too
 * few; and round numbers where the axis spans less than that.
 */
export function logTicks(low: number, high: number): number[] {
  const first = decadeOf(low),
    decades = decadeOf(high) - first + 1;
  const multiplesOf = (multiples: readonly number[]) =>
    Array.from({ length: decades }, (_, i) => multiples.map((m) => Number(`${m}e${first + i}`)))
      .flat()
      .filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  const powers = multiplesOf([1]);
  if (powers.length > 6) return everyFew(powers, 6);
  if (powers.length >= 3) return powers;
  const finer = multiplesOf([1, 2, 5]);
  return finer.length >= 3 ? finer : roundTicks(low, high).filter((tick) => tick > 0);
}

/** At most so many of the ticks, equally far apart. */
export function everyFew<T>(ticks: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.ceil(ticks.length / most));
  return ticks.filter((_, i) => i % step === 0);
}

/** Ticks as texts that tell them apart: in full, or with an exponent where one is large or all are small. */
export function tickLabels(ticks: readonly number[]): string[] {
  const largest = ticks.reduce((most, tick) => Math.max(most, Math.abs(tick)), 0);
  const exponents = largest >= 1e5 || (largest > 0 && largest < 1e-3);
  const small = (tick: number) => tick !== 0 && Math.abs(tick) < 1e-3;
  return ticks.map((tick) => (tick !== 0 && (exponents || small(tick)) ? tick.toExponential() : String(tick)));
}
