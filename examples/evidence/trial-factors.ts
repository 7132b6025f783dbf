/**
 * Trial factors of monkeys N and J: where the largest jump is, whether other starts and folds find them again, and what
 * they say of behavior. The fits are not told of the switch: one kernel covers all trials.
 */
import {
  fitLowTensorRank,
  holdOut,
  matmul,
  observedMask,
  random,
  slice,
  type Candidate,
  type FitOptions,
  type Matrix,
  type Tensor3,
} from "ltrnn";
import { cells, folds, meanText, printTable, upTo } from "./cells";
import { monkeys } from "./recordings";
import { crossValidatedR2, jumpNear, matchOf, rotated, type Components } from "./trial-factor-statistics";

/** starts of a fit of all trials; seeds from 100 on are folds, of which a tenth of boxes is left out */
const starts = 3,
  rank = 3,
  nulls = 200;

const network: Candidate = {
  axes: ["seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      seed = axes.seed as number,
      whole = seed < 100,
      split = holdOut(observedMask(data), { half: [5, 2, Number.POSITIVE_INFINITY], seed: whole ? 0 : seed });
    const fit = await fitLowTensorRank(data, rank, {
      ...(options as unknown as FitOptions),
      mask: split.train,
      validation: split.validation,
      seed,
    });
    const { a, c, readout } = fit.model.params,
      first = (x: Matrix) => slice(x, [undefined, [0, rank]]) as Matrix,
      columns = readout ? matmul(readout, first(a)) : first(a);
    return { status: fit.status, facts: { factors: [...first(c).data], columns: [...columns.data] } };
  },
};

for (const { name, activity, conditions, progress, switch: at } of monkeys()) {
  const trials = activity.shape[0],
    options = {
      conditions,
      network: { units: 64, trialKernel: { kernel: "matern32", length: 30 } },
      inputs: 4,
      training: { starts: 1, steps: 150, precision: "float32" },
    };
  const seeds = [...upTo(starts), ...upTo(folds).map((fold) => 100 + fold)],
    rows = await cells(`trial-factors-${name}`, activity, [{ model: "network", axes: { seed: seeds }, options }], {
      network,
    });
  const found = rows.map(({ facts }): Components => {
    const [factors, columns] = [facts.factors as number[], facts.columns as number[]];
    const column = (x: number[], r: number) => x.filter((_, entry) => entry % rank === r);
    return upTo(rank).map((r) => ({ factor: column(factors, r), column: column(columns, r) }));
  });
  console.log(`\nMonkey ${name}, rank ${rank}: the jump within 10 trials of the switch\n`);
  printTable(
    ["fit", "largest jump", "at trial (first after the switch is 1)", "p"],
    found.map((components, k) => {
      const { jump, place, p } = jumpNear(components, at);
      return [
        seeds[k] < 100 ? `start ${seeds[k]}` : `fold ${seeds[k] - 100}`,
        jump.toFixed(2),
        place - at + 1,
        p.toFixed(3),
      ];
    }),
  );
  const stream = random(1, "rotated nulls"),
    matches = (others: readonly Components[]) => others.map((other) => matchOf(found[0], other)),
    chance = upTo(nulls)
      .map((draw) => matchOf(found[0], rotated(found[1 + (draw % (found.length - 1))], stream)))
      .sort((p, q) => p - q);
  console.log(`\nMonkey ${name}: agreement of components with those of the first start (1: the same)\n`);
  printTable(
    ["with", "score"],
    [
      [`${starts - 1} other starts`, meanText(matches(found.slice(1, starts)))],
      [`${folds} folds`, meanText(matches(found.slice(starts)))],
      ["rotated components: mean", meanText([chance.reduce((sum, x) => sum + x, 0) / nulls])],
      ["rotated components: 95 % below", chance[Math.floor(0.95 * nulls)].toFixed(3)],
    ],
  );
  const speed = (progress ?? []).map((bins) => {
    const seen = bins.filter((x) => !Number.isNaN(x));
    return seen.reduce((sum, x) => sum + x, 0) / seen.length;
  });
  const angles = [...new Set(conditions)],
    design = (factors: boolean) =>
      upTo(trials).map((k) => [
        ...angles.map((angle) => Number(conditions[k] === angle)),
        ...(factors ? found[0].map(({ factor }) => factor[k]) : []),
      ]);
  console.log(
    `\nMonkey ${name}: speed towards the target through the perturbed decoder, R2 over left-out blocks of 20 trials\n`,
  );
  printTable(
    ["predicted by", "R2"],
    [
      ["direction of the target", meanText(crossValidatedR2(design(false), speed))],
      ["direction and trial factors", meanText(crossValidatedR2(design(true), speed))],
    ],
  );
}
