import { expect, test } from "vitest";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { noiseVariance } from "../../src/fit/noise-variance";
import { zeros } from "../../src/tensor";
import { knownInputs, plantedActivity } from "../support/planted-fit";

/** Trial factors with noise of their own, so that neighboring trials differ by several times the activity's noise. */
const planted = plantedActivity(3, { trials: 60, steps: 10, units: 10 }),
  { activity, deviation } = planted,
  options = knownInputs(planted);
const all = zeros(activity.shape);
all.data.fill(1);

/** The variance of the noise that priors were weighed by, from neighbors and in the end, over the true one. */
function noiseOf({ checkpoint: { problem, runs } }: LowTensorRankFit, shape: readonly number[]) {
  const entries = shape.reduce((product, size) => product * size, 1),
    posed = (problem.priorWeight as number) * entries;
  return { posed, end: runs[0].priorWeight === undefined ? undefined : runs[0].priorWeight * entries };
}

const ended = ({ prediction, model, starts, bestStep, status, checkpoint }: LowTensorRankFit) => ({
  prediction,
  params: model.params,
  starts,
  bestStep,
  status,
  weights: checkpoint.runs.map(({ priorWeight }) => priorWeight),
});

test("where neighboring trials differ by more than noise, a fit goes on with the noise that it left", async () => {
  const fit = await fitLowTensorRank(activity, 2, options),
    neighbors = noiseVariance(activity, all, planted.conditions),
    { posed, end } = noiseOf(fit, activity.shape),
    unit = posed / neighbors; // the loss sees activity of unit size
  expect(neighbors / deviation ** 2).toBeGreaterThan(2);
  // a fit takes a share of the noise, and as much is counted with the noise before: 260 parameters of 6000 entries
  expect((end ?? 0) / unit / deviation ** 2).toBeGreaterThan(0.9);
  expect((end ?? 0) / unit / deviation ** 2).toBeLessThan(1.3);
  expect(fit.status).toBe("converged");
  const heavy = await fitLowTensorRank(activity, 2, {
    ...options,
    training: { ...options.training, penalties: { noiseShare: shareOf(neighbors) } },
  });
  expect(noiseOf(heavy, activity.shape).end).toBeUndefined(); // it was told
  const off = ({ prediction }: LowTensorRankFit) =>
    prediction.data.reduce((sum, x, i) => sum + (x - planted.clean.data[i]) ** 2, 0);
  expect(off(fit)).toBeLessThan(0.95 * off(heavy));
}, 60_000);

/** A variance as a share of the activity's, as `noiseShare` wants it. */
function shareOf(variance: number): number {
  const { data } = activity,
    units = activity.shape[2],
    rows = data.length / units;
  let total = 0;
  for (let j = 0; j < units; j++) {
    let mean = 0;
    for (let i = j; i < data.length; i += units) mean += data[i] / rows;
    for (let i = j; i < data.length; i += units) total += (data[i] - mean) ** 2;
  }
  return variance / (total / data.length);
}

test("where neighboring trials tell the noise, it stays as they do", async () => {
  const slow = plantedActivity(4, {
      trials: 48,
      steps: 10,
      units: 10,
      trialKernel: { kernel: "rbf", length: 60, sigma: 1 },
    }),
    fit = await fitLowTensorRank(slow.activity, 1, knownInputs(slow));
  expect(fit.status).toBe("converged");
  expect(noiseOf(fit, slow.activity.shape).end).toBeUndefined();
}, 60_000);

test("from every step before and after that, a fit continues to the bits of one that never stopped", async () => {
  const steps: LowTensorRankFit[] = [];
  for await (const now of fitLowTensorRankSteps(activity, 2, options)) steps.push(now);
  const end = steps[steps.length - 1],
    lighter = steps.findIndex(({ checkpoint: { runs } }) => runs[0].priorWeight !== undefined);
  expect(lighter).toBeGreaterThan(2);
  expect(steps.length - lighter).toBeGreaterThan(2);
  for (const at of [lighter - 1, lighter, lighter + 1]) {
    const later = await fitLowTensorRank(activity, 2, { ...options, start: structuredClone(steps[at]) });
    expect(ended(later)).toEqual(ended(end));
  }
}, 60_000);

test("a weight of priors that is no number is refused by name", async () => {
  const start = structuredClone(await fitLowTensorRank(activity, 2, { ...options, training: { steps: 2, starts: 1 } })),
    wrong = (priorWeight: unknown): FitOptions => ({
      ...options,
      start: {
        ...start,
        checkpoint: { ...start.checkpoint, runs: start.checkpoint.runs.map((run) => ({ ...run, priorWeight })) },
      } as LowTensorRankFit,
    });
  for (const weight of [-1, Number.NaN, "1"])
    await expect(fitLowTensorRank(activity, 2, wrong(weight))).rejects.toThrow(
      /^fitLowTensorRank: expected start\.checkpoint\.runs\[0\]\.priorWeight to be a finite number of at least 0/,
    );
});
