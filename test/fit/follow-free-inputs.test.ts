import { expect, test } from "vitest";
import { last, random } from "../../src/base";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { tensor } from "../../src/tensor";

const trials = 12,
  conditions = Array.from({ length: trials }, (_, k) => k % 2),
  { normal } = random(8, "waves"),
  activity = tensor(
    [trials, 15, 6],
    Array.from({ length: trials * 90 }, (_, at) => {
      const [k, t, i] = [Math.floor(at / 90), Math.floor((at % 90) / 6), at % 6];
      return Math.sin((t * (1 + (k % 2))) / 5 + i) * (1 + k / 20) + 0.05 * normal();
    }),
  );
const controller = { units: 8, layers: [8] },
  options = (steps: number, seed: number): FitOptions => ({
    conditions,
    seed,
    inputs: { count: 2, controller },
    decoder: "orthogonal",
    network: { units: 8, tau: 4, span: "columns" },
    training: { steps, starts: 1, tolerance: 1e-3 },
  });
const firstLoss = ({ starts: [{ trace }] }: LowTensorRankFit) => trace.losses[0];

test("controllers start where they make the inputs of a fit with free ones; of few updates, at random", async () => {
  const states: LowTensorRankFit[] = [];
  for await (const fit of fitLowTensorRankSteps(activity, 2, options(150, 2))) states.push(fit);
  const followed = states[states.length - 1],
    drawn = await fitLowTensorRank(activity, 2, options(10, 2));
  expect(firstLoss(followed)).toBeLessThan(0.1 * firstLoss(drawn));
  expect(followed.loss).toBeLessThan(firstLoss(followed));
  expect(followed.seconds).toBeGreaterThan(drawn.seconds); // the fit with free inputs is part of it
  expect(followed.checkpoint.optimizer.kind).toBe("scaleByCurvature");
  expect(drawn.checkpoint.optimizer.kind).toBe("followedBy");
  const stopped = structuredClone(states[1]),
    resumed = await last(fitLowTensorRankSteps(activity, 2, { ...options(150, 2), start: stopped }));
  expect(resumed.model.params).toEqual(followed.model.params);
  expect((await fitLowTensorRank(activity, 2, options(150, 2))).model.params).toEqual(followed.model.params);
});
