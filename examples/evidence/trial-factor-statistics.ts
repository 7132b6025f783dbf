import type { Random } from "ltrnn";
import { ridge, ridgeSums } from "./ridge";

/** Components as they are compared: trial factors, and column factors as neurons see them. */
export type Components = readonly { readonly factor: readonly number[]; readonly column: readonly number[] }[];

const meanOf = (x: readonly number[]) => x.reduce((sum, y) => sum + y, 0) / x.length;
const centered = (x: readonly number[]) => {
  const mean = meanOf(x);
  return x.map((y) => y - mean);
};
const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
const cosine = (x: readonly number[], y: readonly number[]) => Math.abs(dot(x, y)) / Math.sqrt(dot(x, x) * dot(y, y));

/**
 * The largest difference between the means of 10 trials after a place and 10 before it, over places within 10 trials of
 * the switch, in standard deviations of the factors. p: how often as large a one is found about another place, over all
 * places that leave room.
 */
export function jumpNear(components: Components, place: number) {
  const scaled = components.map(({ factor }) => {
      const about = centered(factor),
        size = Math.sqrt(dot(about, about) / about.length);
      return about.map((x) => x / size);
    }),
    trials = scaled[0].length;
  const jumpAt = (k: number) =>
    Math.hypot(...scaled.map((factor) => meanOf(factor.slice(k, k + 10)) - meanOf(factor.slice(k - 10, k))));
  const largest = (center: number) => {
    let best = { jump: 0, place: center };
    for (let k = center - 10; k <= center + 10; k++) if (jumpAt(k) > best.jump) best = { jump: jumpAt(k), place: k };
    return best;
  };
  const here = largest(place);
  let [as, all] = [1, 1];
  for (let center = 20; center <= trials - 20; center++) {
    if (Math.abs(center - place) <= 30) continue;
    all++;
    if (largest(center).jump >= here.jump) as++;
  }
  return { ...here, p: as / all };
}

/** Mean over components of the cosines of trial factors, less their means, times those of columns; best assignment. */
export function matchOf(p: Components, q: Components): number {
  const all = p.map((one) =>
    q.map((other) => cosine(centered(one.factor), centered(other.factor)) * cosine(one.column, other.column)),
  );
  const best = (row: number, free: readonly number[]): number =>
    free.length === 0
      ? 0
      : Math.max(
          ...free.map(
            (s) =>
              all[row][s] +
              best(
                row + 1,
                free.filter((other) => other !== s),
              ),
          ),
        );
  return (
    best(
      0,
      q.map((_, s) => s),
    ) / p.length
  );
}

/** Other components in the same space: trial factors, and columns, by random rotations. */
export function rotated(components: Components, stream: Random): Components {
  const rank = components.length,
    rotation = (): number[][] => {
      const rows: number[][] = [];
      while (rows.length < rank) {
        let row = components.map(() => stream.normal());
        for (const other of rows) {
          const along = dot(row, other);
          row = row.map((x, i) => x - along * other[i]);
        }
        const size = Math.sqrt(dot(row, row));
        rows.push(row.map((x) => x / size));
      }
      return rows;
    };
  const unit = (x: readonly number[]) => {
    const size = Math.sqrt(dot(x, x));
    return x.map((y) => y / size);
  };
  const turned = (vectors: readonly (readonly number[])[], by: number[][]) =>
    by.map((row) => vectors[0].map((_, i) => row.reduce((sum, weight, r) => sum + weight * vectors[r][i], 0)));
  const by = rotation(),
    factors = turned(
      components.map(({ factor }) => unit(centered(factor))),
      by,
    ),
    columns = turned(
      components.map(({ column }) => unit(column)),
      by,
    );
  return factors.map((factor, r) => ({ factor, column: columns[r] }));
}

/** R2 of five folds of blocks of 20 rows, by least squares with a slight ridge, about the mean of the rows fitted. */
export function crossValidatedR2(design: readonly (readonly number[])[], y: readonly number[]): readonly number[] {
  const features = design[0].length,
    places = design[0].map((_, i) => i);
  return [0, 1, 2, 3, 4].map((fold) => {
    const held = y.map((_, k) => Math.floor(k / 20) % 5 === fold && Number.isFinite(y[k])),
      fitted = y.flatMap((x, k) => (held[k] || !Number.isFinite(x) ? [] : [k])),
      mean = meanOf(fitted.map((k) => y[k]));
    const rows = fitted.map((k) => ({ places, values: design[k], targets: [y[k] - mean] })),
      b = ridge(ridgeSums(rows, features, 1), () => 1);
    let [left, whole] = [0, 0];
    y.forEach((x, k) => {
      if (!held[k]) return;
      left += (x - mean - dot(design[k], [...b.data])) ** 2;
      whole += (x - mean) ** 2;
    });
    return 1 - left / whole;
  });
}
