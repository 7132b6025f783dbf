import { expect, test } from "vitest";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { observedOfTrials, trialsOfUpdate } from "../../src/fit/draws";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { poseFit } from "../../src/fit/pose-fit";
import { adam, lbfgs, scaleByCurvature } from "../../src/optim";
import { mapParams, type Params, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { draw, sweep } from "../support/sweep";

const trials = 12,
  activity = draw(3).normal([trials, 6, 4], 0.5),
  mask: Tensor3 = {
    shape: activity.shape,
    data: activity.data.map((_, i) => (i % 5 === 0 || Math.floor(i / 24) === 7 ? 0 : 1)), // nothing of trial 7
  },
  validation: Tensor3 = { shape: activity.shape, data: activity.data.map((_, i) => (i % 10 === 0 ? 1 : 0)) };
const options: FitOptions = {
  mask,
  validation,
  conditions: Array.from({ length: trials }, (_, k) => k % 3),
  network: { units: 5 },
  training: { steps: 30, starts: 2, draws: { trialShare: 0.4, noise: 0.1 } },
  seed: 6,
};
const problemOf = (more: Partial<FitOptions>) =>
  poseFit("test", activity, 2, readFitOptions("test", { ...options, ...more }));
const near = (params: Params, seed: number) => {
  const d = draw(seed);
  return mapParams(params, (data) => data.map((x) => x + 0.2 * d.normal([1]).data[0]));
};

test("what an update sees passes finite differences: trials that it draws, and its noise", () =>
  sweep((d) => {
    const problem = problemOf({
        training: {
          draws: { trialShare: 0.3, noise: d.int(0, 1) ? 0.3 : 0 },
          penalties: { noiseShare: 0.2 },
        },
        network: { units: 5, filter: d.int(0, 1) === 1 },
        inputs: d.int(0, 1) ? 2 : d.normal([trials, 6, 2]),
      }),
      objective = fitObjective("test", problem),
      params = near(problem.start(d.seed), d.seed),
      step = d.int(1, 30);
    gradcheck((moved) => objective(moved, step).loss, params, objective(params, step).gradients, d.normal);
  }, 12));

test("an update sees the trials that it draws alone, whole ones, and every trial as often", () => {
  const problem = problemOf({
      network: { units: 5 },
      training: { draws: { trialShare: 0.4 }, penalties: { noiseShare: 0 } },
    }),
    params = near(problem.start(1), 1),
    counts = new Array<number>(trials).fill(0);
  for (let step = 1; step < 400; step++) {
    const drawn = trialsOfUpdate(problem.draws!, observedOfTrials(problem.train), step)!;
    expect(drawn.length).toBe(4); // of the eleven with entries
    for (const k of drawn) counts[k]++;
    if (step > 5) continue;
    const some: Tensor3 = {
      shape: mask.shape,
      data: mask.data.map((m, i) => (drawn.includes(Math.floor(i / 24)) ? m : 0)),
    };
    const masked = problemOf({
        mask: some,
        network: { units: 5 },
        training: { penalties: { noiseShare: 0 } },
      }),
      { loss, gradients } = fitObjective("test", { ...problem, train: masked.train, draws: undefined })(params, step),
      got = fitObjective("test", problem)(params, step);
    expect(got.loss).toBeCloseTo(loss, 13);
    for (const [name, g] of Object.entries(gradients)) close(got.gradients[name]!, g!, 1e-12);
  }
  expect(counts[7]).toBe(0);
  for (const [k, count] of counts.entries()) if (k !== 7) expect(Math.abs(count / 399 - 4 / 11)).toBeLessThan(0.1);
});

test("steps are held against each other on all trials, without noise", async () => {
  const steps: LowTensorRankFit[] = [];
  for await (const now of fitLowTensorRankSteps(activity, 2, options)) steps.push(now);
  for (const { bestStep, loss, validationLoss, prediction, starts } of steps) {
    expect(bestStep % 10).toBe(0);
    const over = (m: Tensor3) => {
      let sum = 0,
        count = 0;
      m.data.forEach((seen, i) => {
        if (seen === 0) return;
        sum += (activity.data[i] - prediction.data[i]) ** 2 / 2;
        count++;
      });
      return sum / count;
    };
    expect(loss / over(mask)).toBeCloseTo(1, 10);
    expect(validationLoss / over(validation)).toBeCloseTo(1, 10);
    for (const { trace } of starts)
      trace.validationLosses.forEach((x, step) => expect(Number.isFinite(x)).toBe(step % 10 === 0));
  }
});

test("a fit that draws continues to the bits of one that never stopped, and draws the same on threads", async () => {
  const steps: LowTensorRankFit[] = [];
  for await (const now of fitLowTensorRankSteps(activity, 2, options)) steps.push(now);
  const end = steps[steps.length - 1];
  expect(steps.length).toBeGreaterThan(3);
  for (const earlier of steps) {
    const later = await fitLowTensorRank(activity, 2, { ...options, start: structuredClone(earlier) });
    expect(later.prediction).toEqual(end.prediction);
    const ofRuns = ({ checkpoint }: LowTensorRankFit) => checkpoint.runs.map((run) => ({ ...run, seconds: 0 }));
    expect(ofRuns(later)).toEqual(ofRuns(end));
  }
  const threads = await fitLowTensorRank(activity, 2, { ...options, training: { ...options.training, threads: 2 } });
  close(threads.prediction, end.prediction, 1e-9);
  const other = await fitLowTensorRank(activity, 2, { ...options, seed: 7 });
  expect(other.prediction).not.toEqual(end.prediction);
});

test("noise and masked trials make another fit, and say so in what makes it again", async () => {
  const plain = await fitLowTensorRank(activity, 2, {
    ...options,
    network: { units: 5 },
    training: { steps: 20, starts: 1, optimizer: adam(0.01) },
  });
  for (const more of [{ training: { draws: { noise: 0.2 } } }, { training: { draws: { trialShare: 0.5 } } }] as const) {
    const fit = await fitLowTensorRank(activity, 2, {
      ...options,
      network: { units: 5 },
      ...more,
      training: { steps: 20, starts: 1, optimizer: adam(0.01), ...more.training },
    });
    expect(fit.prediction).not.toEqual(plain.prediction);
    expect(fit.provenance.options).toMatchObject(more);
    await expect(
      fitLowTensorRank(activity, 2, {
        ...options,
        network: { units: 5 },
        training: { steps: 20, starts: 1 },
        start: fit,
      }),
    ).rejects.toThrow("the data and options of the earlier fit");
  }
});

test("an optimizer that searches along lines is refused, with the reason", async () => {
  for (const optimizer of [lbfgs(), scaleByCurvature(lbfgs())])
    await expect(
      fitLowTensorRank(activity, 2, { ...options, training: { ...options.training, optimizer } }),
    ).rejects.toThrow(/where updates draw trials or noise, got .*lbfgs.*, which compares losses along a line/);
  await expect(fitLowTensorRank(activity, 2, { training: { draws: { trialShare: 0 } } })).rejects.toThrow(
    "expected training.draws.trialShare to be a finite number above 0 and at most 1, got 0",
  );
});
