/**
 * Whether a fit finds a planted network again, from the default call: the tables of docs/fit.md. Fails where it does
 * not.
 */
import { fitLowTensorRank, holdOut, observedMask, varianceExplained, type FitOptions } from "ltrnn";
import { plantNetwork, recoveryOf, type Planted } from "./planted-recovery";

const seeds = [1, 2, 3, 4, 5];
const digits = (x: number) => x.toFixed(3);
const expectAll = (...held: readonly boolean[]) => {
  if (held.includes(false)) process.exitCode = 1;
};

/** What is known of the recording; the rest is default. */
const known = ({ conditions, epochs }: Planted): FitOptions => ({
  conditions,
  epochs,
  decoder: "identity",
  network: { tau: 4 },
});

console.log(
  "\n10 % noise\n| seed | columns | rows | trial factors | validation loss / noise " +
    "floor | seconds | status |\n|---|---|---|---|---|---|---|",
);
for (const seed of seeds) {
  const planted = plantNetwork(seed, 0.1),
    { train: mask, validation } = holdOut(observedMask(planted.activity), {
      half: [2, 2, 3],
      test: 0.02,
      validation: 0.1,
      seed,
    }),
    fit = await fitLowTensorRank(planted.activity, 3, { ...known(planted), mask, validation });
  const { columns, rows, trialFactors } = recoveryOf(planted, fit);
  let floor = 0,
    count = 0;
  validation.data.forEach((m, i) => {
    if (m === 0) return;
    floor += (planted.activity.data[i] - planted.clean.data[i]) ** 2 / 2;
    count++;
  });
  const ratio = fit.validationLoss / (floor / count);
  expectAll(
    columns >= 0.98,
    rows >= 0.95,
    trialFactors >= 0.98,
    ratio <= 1.05,
    fit.seconds < 10,
    fit.status === "converged",
  );
  const scores = [columns, rows, trialFactors, ratio].map(digits).join(" | ");
  console.log(`| ${seed} | ${scores} | ${fit.seconds.toFixed(1)} | ${fit.status} |`);
}

console.log(
  "\nPoisson counts, one a bin\n| seed | columns | rows | trial factors | factor " +
    "match score | seconds |\n|---|---|---|---|---|---|",
);
for (const seed of seeds.slice(0, 3)) {
  const planted = plantNetwork(seed, "counts"),
    fit = await fitLowTensorRank(planted.activity, 3, {
      ...known(planted),
      decoder: { kind: "identity", gain: "shared", bias: "learned" },
      training: { loss: { kind: "poisson", link: "exp" } },
    });
  const { columns, rows, trialFactors, score } = recoveryOf(planted, fit);
  expectAll(score >= 0.8);
  console.log(
    `| ${seed} | ${[columns, rows, trialFactors, score].map(digits).join(" | ")} | ${fit.seconds.toFixed(1)} |`,
  );
}

console.log(
  "\nWhich rank: variance explained of validation boxes\n| seed | 1 | 2 | 3 | " +
    "4 | 5 | chosen |\n|---|---|---|---|---|---|---|",
);
for (const seed of seeds.slice(0, 3)) {
  const planted = plantNetwork(seed, 0.1),
    scores: number[] = [];
  const splits = [1, 2, 3].map((fold) =>
      holdOut(observedMask(planted.activity), { half: [2, 2, 3], seed: 10 * seed + fold }),
    ),
    perFold = splits.map((): number[] => []);
  for (let rank = 1; rank <= 5; rank++) {
    for (const [fold, { train: mask, validation, test }] of splits.entries()) {
      const fit = await fitLowTensorRank(planted.activity, rank, { ...known(planted), mask, validation });
      perFold[fold].push(varianceExplained(planted.activity, fit.prediction, { train: mask, over: test }));
    }
    scores.push(perFold.reduce((sum, fold) => sum + fold[rank - 1], 0) / splits.length);
  }
  const chosen = smallestWithinOneError(perFold);
  expectAll(chosen === 3);
  console.log(`| ${seed} | ${scores.map((score) => (100 * score).toFixed(3)).join(" | ")} | ${chosen} |`);
}

/** The smallest rank whose mean score is within one standard error of its difference to the best one. */
function smallestWithinOneError(folds: readonly (readonly number[])[]): number {
  const ranks = folds[0].map((_, i) => i),
    mean = (of: (fold: readonly number[]) => number) => folds.reduce((sum, fold) => sum + of(fold), 0) / folds.length,
    best = ranks.reduce((p, q) => (mean((fold) => fold[q]) > mean((fold) => fold[p]) ? q : p));
  const within = (i: number) => {
    const difference = (fold: readonly number[]) => fold[best] - fold[i],
      d = mean(difference),
      error = Math.sqrt(mean((fold) => (difference(fold) - d) ** 2) / (folds.length - 1));
    return d <= error;
  };
  return 1 + (ranks.find(within) ?? best);
}
