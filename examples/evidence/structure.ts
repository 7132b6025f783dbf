/**
 * Is what was found the structure: networks of rank 3 are planted, and fitted with other boxes left out and from other
 * starts. Agreement of components between folds and with the truth, beside random rotations of the same components.
 */
import { fitLowTensorRank, holdOut, observedMask, random, type Candidate, type Matrix, type Tensor3 } from "ltrnn";
import { plantNetwork } from "../../bench/planted-recovery";
import { cells, folds, printTable, upTo } from "./cells";
import { matchOf, rotated, type Components } from "./trial-factor-statistics";

const rank = 3,
  fits = Math.max(2, folds), // pairs are compared
  nulls = 200,
  sizes = { units: 40, trials: 96, bins: 20, rank };

const componentsOf = (c: Matrix, a: Matrix): Components =>
  upTo(rank).map((r) => {
    const column = ({ shape, data }: Matrix) => [...data].filter((_, at) => at % shape[1] === r);
    return { factor: column(c), column: column(a) };
  });

const network: Candidate = {
  axes: ["seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      seed = axes.seed as number,
      { train: mask, validation } = holdOut(observedMask(data), { half: [2, 2, 3], seed }),
      { model, status } = await fitLowTensorRank(data, rank, { ...options, mask, validation, seed });
    return { status, facts: { components: componentsOf(model.params.c, model.params.a) } };
  },
};

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const lines: (string | number)[][] = [];
for (const seed of [1, 2, 3]) {
  const { activity, conditions, epochs, model } = plantNetwork(seed, 0.1, sizes),
    truth = componentsOf(model.params.c, model.params.a);
  const rows = await cells(
    `structure-${seed}`,
    activity,
    [
      {
        model: "network",
        axes: { seed: upTo(fits) },
        options: { conditions, epochs, decoder: "identity", network: { tau: 4 } },
      },
    ],
    { network },
  );
  const found = rows.map(({ facts }) => facts.components as Components),
    pairs = found.flatMap((one, i) => found.slice(i + 1).map((other) => matchOf(one, other))),
    stream = random(seed, "rotated nulls"),
    chance = upTo(nulls)
      .map((draw) => matchOf(found[draw % found.length], rotated(found[(draw + 1) % found.length], stream)))
      .sort((p, q) => p - q);
  const numbers = [
    Math.min(...pairs),
    mean(pairs),
    mean(found.map((one) => matchOf(truth, one))),
    mean(chance),
    chance[Math.floor(0.95 * nulls)],
  ];
  lines.push([seed, ...numbers.map((x) => x.toFixed(3))]);
}
console.log(`\nAgreement of components, ${fits} folds (1: the same)\n`);
printTable(
  ["seed", "folds, worst pair", "folds, mean", "with the truth", "rotated, mean", "rotated, 95 % below"],
  lines,
);
