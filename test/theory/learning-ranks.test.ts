import { expect, test } from "vitest";
import { chain, clipByNorm, decayWeights, momentum, sgd } from "../../src/optim";
import { learningRankBound, type HoldingLearningBound } from "../../src/theory";
import { oracle, type Oracle } from "../support/oracle";

const { rate, decay, clip, cases } = oracle(process.env.LTRNN_LEARNING_RANKS ?? "learning-ranks");
const optimizers: Record<string, Oracle> = {
  sgd: sgd(rate),
  batches: sgd(rate),
  momentum: momentum(rate),
  nesterov: momentum(rate, { nesterov: true }),
  clip: chain(clipByNorm(clip), sgd(rate)),
  decay: chain(decayWeights(decay, { only: ["w"] }), sgd(rate)),
};

test("weight changes of networks that numpy trained never rise above their bound, and reach it", () => {
  let tight = 0,
    telling = 0;
  cases.forEach((c: Oracle, i: number) => {
    const name = `${i}, ${c.optimizer}`;
    const bound = learningRankBound({
      units: c.units,
      inputs: c.wIn,
      outputs: c.readout,
      initial: { weights: c.w, bias: c.bias, states: c.x0 },
      steps: c.steps,
      activation: "identity",
      optimizer: optimizers[c.optimizer],
    }) as HoldingLearningBound;
    expect(bound.status, name).toBe("holds");
    expect(c.matrix, name).toBeLessThanOrEqual(bound.atMost);
    c.modes.forEach((rank: number, mode: number) => expect(rank, name).toBeLessThanOrEqual(bound.multilinear[mode]));
    if (bound.vacuous) return;
    telling++;
    if (c.reached === bound.atMost) tight++;
  });
  expect(telling).toBeGreaterThan(cases.length / 2);
  // where data excite every direction, thirty updates fill the learning subspace
  expect(tight).toBe(telling);
});
