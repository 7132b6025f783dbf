import type { Library } from "../public-numbers";

/** Random tensors of normal numbers, each named, so that a set does not change another. */
export const drawing =
  ({ random, tensor }: Library) =>
  <const S extends readonly number[]>(name: string, shape: S, scale = 1) => {
    const { normal } = random(3, name);
    return tensor(
      shape,
      Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => scale * normal()),
    );
  };

/** Activity with a rhythm, a trend over trials and noise: (trials × time × neurons). */
export function activityOf(ltrnn: Library, [trials, time, neurons]: readonly [number, number, number]) {
  const draw = drawing(ltrnn),
    patterns = draw("patterns", [3, neurons]),
    noise = draw("activity noise", [trials, time, neurons], 0.1);
  return ltrnn.tensor(
    [trials, time, neurons],
    noise.data.map((value, index) => {
      const neuron = index % neurons,
        step = Math.floor(index / neurons) % time,
        trial = Math.floor(index / (neurons * time));
      const rise = step / time,
        drift = trial / trials;
      return (
        value +
        patterns.data[neuron] * rise * (1 - rise) * 4 +
        patterns.data[neurons + neuron] * drift * rise +
        patterns.data[2 * neurons + neuron] * (trial % 2)
      );
    }),
  );
}

/** A mask of 0 and 1 that leaves out every n-th entry. */
export const maskOf = <S extends readonly number[]>({ tensor }: Library, shape: S, every: number, outside: 0 | 1 = 0) =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) =>
      index % every === 0 ? outside : 1 - outside,
    ),
  );
