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
  trialFactorUncertainty,
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

/** Trial factors of largest posterior probability, and their deviations: those of the network count too. */
function uncertaintyOf(fit: Awaited<ReturnType<typeof fitLowTensorRank>>, data: Tensor3, mask: Tensor3) {
  const { factors, deviations, noise, shift, status } = trialFactorUncertainty(fit, data, { mask });
  return { factors: [...factors.data], deviations: [...deviations.data], noise, shift, status };
}

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
      first = (x: Matrix) => slice(x, [undefined, [0, rank]]),
      columns = readout ? matmul(readout, first(a)) : first(a);
    return {
      status: fit.status,
      facts: {
        factors: [...first(c).data],
        columns: [...columns.data],
        ...(seed === 0 ? { uncertainty: uncertaintyOf(fit, data, split.train) } : {}),
      },
    };
  },
};

for (const { name, activity, conditions, progress, switch: at } of monkeys()) {
  const trials = activity.shape[0],
    options = {
      conditions,
      network: { units: 64, trialKernel: { kernel: "matern32", length: 30, basis: 0.99 } },
      inputs: 4,
      training: { starts: 1, precision: "float32" },
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
  const { factors, deviations, noise, shift, status } = rows[0].facts.uncertainty as ReturnType<typeof uncertaintyOf>,
    after = Math.floor((at + trials) / 2);
  console.log(`\nMonkey ${name}: trial factors of the first start, ± standard deviations of single trials\n`);
  printTable(
    ["trial (first after the switch is 1)", ...upTo(rank).map((r) => `component ${r + 1}`)],
    [0, Math.floor(at / 2), at - 20, at - 1, at, at + 20, at + 60, after, trials - 1].map((k) => [
      k - at + 1,
      ...upTo(rank).map((r) => `${factors[k * rank + r].toFixed(2)} ± ${deviations[k * rank + r].toFixed(2)}`),
    ]),
  );
  console.log(
    `\nNoise ${noise.toFixed(3)}; the fit is at most ${shift.toFixed(1)} standard deviations from these (${status}).`,
  );
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
    design = (moved?: number) =>
      upTo(trials).map((k) => [
        ...angles.map((angle) => Number(conditions[k] === angle)),
        ...(moved === undefined ? [] : found[0].map(({ factor }) => factor[(k + moved) % trials])),
      ]),
    meanR2 = (moved: number) => {
      const r2 = crossValidatedR2(design(moved), speed);
      return r2.reduce((sum, x) => sum + x, 0) / r2.length;
    },
    moves = upTo(nulls)
      .map(() => meanR2(stream.int(30, trials - 30)))
      .sort((p, q) => p - q);
  console.log(
    `\nMonkey ${name}: speed towards the target through the perturbed decoder, R2 over left-out blocks of 20 trials\n`,
  );
  printTable(
    ["predicted by", "R2"],
    [
      ["direction of the target", meanText(crossValidatedR2(design(), speed))],
      ["direction and trial factors", meanText(crossValidatedR2(design(0), speed))],
      [
        "direction and the same factors, moved along the session by 30 trials or more: mean",
        (moves.reduce((sum, x) => sum + x, 0) / nulls).toFixed(3),
      ],
      ["the same: 95 % below", moves[Math.floor(0.95 * nulls)].toFixed(3)],
    ],
  );
}
