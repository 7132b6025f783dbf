import {
  matmul,
  modeGram,
  modeProduct,
  principalAngles,
  random,
  symmetricEigen,
  tensor,
  transpose,
  weightChanges,
  zeros,
  type LowTensorRankFit,
  type Matrix,
  type Tensor3,
} from "ltrnn";
import { beatsChance } from "./statements";
import { degrees, type Table } from "./terminal";

const subspaces = 200;

/**
 * Principal angles between fitted and true spaces, beside those of random subspaces of equal dimension. Rows count
 * within the span of the rates only.
 */
export function compareSpaces({ model }: LowTensorRankFit, weights: Tensor3, activity: Tensor3, seed: number) {
  const { a, b } = model.params,
    rank = model.rank,
    [, , n] = activity.shape;
  // the rates' span: directions that hold more than 1e-4 of the largest variance; activity says nothing of weights
  // beyond
  const { values, vectors } = symmetricEigen(modeGram(activity, 2)),
    rates = firstOf(vectors, values.filter((value) => value > 1e-4 * values[0]).length);
  const onRates = (x: Tensor3): Tensor3 => modeProduct(x, matmul(rates, transpose(rates)), 1) as Tensor3;
  const leading = (x: Tensor3, mode: number) => firstOf(symmetricEigen(modeGram(x, mode)).vectors, rank);
  const changes = weightChanges(weights);
  const spaces: [string, Matrix, Matrix, Matrix][] = [
    ["columns, and those of the weights", a, leading(onRates(weights), 0), identity(n)],
    ["columns, and those of the changes", a, leading(onRates(changes), 0), identity(n)],
    ["rows, and those of the weights", matmul(rates, matmul(transpose(rates), b)), leading(onRates(weights), 1), rates],
    ["rows, and those of the changes", matmul(rates, matmul(transpose(rates), b)), leading(onRates(changes), 1), rates],
  ];
  const stream = random(seed, "random subspaces");
  const claims: { name: string; nearer: boolean }[] = [];
  const rows = spaces.map(([name, fitted, truth, within]) => {
    const angles = principalAngles(fitted, truth);
    const chance = Array.from({ length: subspaces }, () => {
      const coordinates = zeros([within.shape[1], rank]);
      for (let at = 0; at < coordinates.data.length; at++) coordinates.data[at] = stream.normal();
      return principalAngles(matmul(within, coordinates), truth);
    });
    const smallest = chance.map((list) => list[0]).sort((p, q) => p - q),
      mean = (list: readonly number[]) => list.reduce((sum, angle) => sum + angle, 0) / list.length;
    const means = chance.map(mean).sort((p, q) => p - q),
      at = (list: readonly number[], share: number) => list[Math.floor(share * (list.length - 1))];
    const below = means.filter((value) => value <= mean(angles)).length;
    const nearer = beatsChance(below, subspaces);
    claims.push({ name, nearer });
    return [
      name,
      angles.map(degrees).join(" "),
      `${degrees(at(smallest, 0.05))} to ${degrees(at(smallest, 0.95))}`,
      `${degrees(at(means, 0.05))} to ${degrees(at(means, 0.95))}`,
      `${below} of ${subspaces}`,
      nearer ? "yes" : "no",
    ];
  });
  const table: Table = {
    caption: `Fit: principal angles of the rank-${rank} fit`,
    columns: [
      "fitted space, true space",
      "angles",
      "chance: smallest (5 to 95 %)",
      "chance: mean (5 to 95 %)",
      "random subspaces as near",
      "nearer than chance",
    ],
    rows,
    note:
      `True spaces are the ${rank} leading directions, of weights as they act on the rates: the ` +
      `${rates.shape[1]} directions that hold them. Chance: ` +
      `${subspaces} random subspaces of equal dimension, ` +
      "for rows within the span of the rates. Nearer than chance: at " +
      "most one in twenty of them is as near.",
  };
  return { table, claims };
}

const identity = (n: number): Matrix =>
  tensor(
    [n, n],
    Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
  );
const firstOf = (m: Matrix, count: number): Matrix =>
  tensor(
    [m.shape[0], count],
    Array.from({ length: m.shape[0] * count }, (_, at) => m.data[Math.floor(at / count) * m.shape[1] + (at % count)]),
  );
