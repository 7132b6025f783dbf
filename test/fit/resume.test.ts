import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fromJson, toJson } from "../../src/data";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { lbfgs, momentum, optimizerFrom, scaleByCurvature, type OptimizerDescription } from "../../src/optim";
import { resumable } from "../support/resumable-fit";

const { activity, options } = resumable();
const allSteps = async (more: Partial<FitOptions> = {}): Promise<LowTensorRankFit[]> => {
  const steps: LowTensorRankFit[] = [];
  for await (const now of fitLowTensorRankSteps(activity, 2, { ...options, ...more })) steps.push(now);
  return steps;
};
const ended = ({ prediction, model, starts, bestStep, steps, status, loss }: LowTensorRankFit) => ({
  prediction,
  params: model.params,
  starts,
  bestStep,
  steps,
  status,
  loss,
});

test("from every step, a fit continues to the bits of one that never stopped", async () => {
  const steps = await allSteps(),
    end = steps[steps.length - 1];
  expect(steps.length).toBeGreaterThan(8);
  expect(end.status).toBe("exhausted");
  for (const earlier of steps) {
    const later = await fitLowTensorRank(activity, 2, { ...options, start: structuredClone(earlier) });
    expect(ended(later)).toEqual(ended(end));
  }
});

test("a fit continues through a file", async () => {
  const steps = await allSteps(),
    [earlier, end] = [steps[3], steps[steps.length - 1]];
  const start = fromJson(toJson(earlier)) as LowTensorRankFit;
  expect(ended(await fitLowTensorRank(activity, 2, { ...options, start }))).toEqual(ended(end));
});

test("a fit continues in another process, after this one is gone", async () => {
  const steps = await allSteps(),
    end = steps[steps.length - 1],
    folder = mkdtempSync(join(tmpdir(), "ltrnn-fit-"));
  try {
    const [earlier, later] = ["earlier.json", "later.json"].map((name) => join(folder, name));
    writeFileSync(earlier, toJson(steps[4]));
    const script = fileURLToPath(new URL("../support/continue-fit.mts", import.meta.url));
    execFileSync(process.execPath, ["--import", "tsx", script, earlier, later]);
    const { prediction, model, starts } = end;
    expect(fromJson(readFileSync(later, "utf8"))).toEqual({ prediction, params: model.params, starts });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test("an aborted fit continues to the same bits", async () => {
  const steps = await allSteps(),
    stop = new AbortController(),
    training = { ...options.training, signal: stop.signal };
  let aborted: LowTensorRankFit | undefined;
  for await (const now of fitLowTensorRankSteps(activity, 2, { ...options, training })) {
    aborted = now;
    if (now.steps >= 20) stop.abort();
  }
  expect(aborted?.status).toBe("aborted");
  const later = await fitLowTensorRank(activity, 2, { ...options, start: aborted as LowTensorRankFit });
  expect(ended(later)).toEqual(ended(steps[steps.length - 1]));
});

test("a fit that has ended is given back, and goes on where more updates are allowed", async () => {
  const end = await fitLowTensorRank(activity, 2, options);
  expect(ended(await fitLowTensorRank(activity, 2, { ...options, start: end }))).toEqual(ended(end));
  const more = await fitLowTensorRank(activity, 2, {
    ...options,
    training: { ...options.training, steps: 60 },
    start: end,
  });
  expect(more.starts.map(({ steps }) => steps).sort()).toEqual([12, 24, 60]); // stages are longer
  expect(more.validationLoss).toBeLessThanOrEqual(end.validationLoss);
});

test("a fit of other data, options, seeds or optimizers is refused by name", async () => {
  const start = await fitLowTensorRank(activity, 2, options);
  const message = async (more: FitOptions, x = activity, rank = 2) => {
    try {
      await fitLowTensorRank(x, rank, { ...options, start, ...more });
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(await message({}, activity, 3)).toContain(
    "fitLowTensorRank: expected the data and options of the earlier fit, with rank 2, got 3",
  );
  const other = { shape: activity.shape, data: activity.data.map((x, index) => (index === 1 ? x + 1e-9 : x)) };
  expect(await message({}, other)).toContain("of the earlier fit, with activity");
  const unread = { shape: activity.shape, data: activity.data.map((x, index) => (index === 7 ? Number.NaN : x)) };
  expect(await message({}, unread)).toBe("accepted"); // under both masks it is 0
  expect(await message({ network: { units: 7 } })).toContain('of the earlier fit, with network {"units":6');
  expect(await message({ seed: 5 })).toContain("the seed and the number of starts of the earlier fit, 4 and 3");
  expect(await message({ training: { ...options.training, optimizer: momentum(0.1) } })).toContain(
    "expected the optimizer of the earlier fit, scaleByCurvature(lbfgs(20",
  );
  const shorter = scaleByCurvature(lbfgs({ memory: 8 }));
  expect(await message({ training: { ...options.training, optimizer: shorter } })).toBe("accepted");
  const broken = structuredClone(start) as unknown as { checkpoint: { runs: { params: { a: unknown } }[] } };
  broken.checkpoint.runs[0].params.a = null;
  expect(await message({ start: broken as never })).toContain("start.checkpoint.runs[0].params.a");
  expect(await message({ start: {} as never })).toContain("expected start to be an earlier fit, with its checkpoint");
});

test("provenance makes a fit again, to the bit", async () => {
  for (const [data, kind] of [
    [options, "linear"],
    [
      { ...options, decoder: "identity", network: { phi: "identity", trialKernel: { length: 3 } }, inputs: 2 },
      "identity",
    ],
  ] as const) {
    const fit = await fitLowTensorRank(activity, 2, data);
    const { seed, options: made } = structuredClone(fit.provenance);
    expect(made.decoder).toBe(kind);
    const { optimizer, ...training } = made.training as { readonly optimizer: OptimizerDescription };
    const { mask, validation, conditions } = data;
    const again = await fitLowTensorRank(activity, 2, {
      ...(made as FitOptions),
      ...({ mask, validation, conditions, seed } as FitOptions),
      training: { ...training, optimizer: optimizerFrom(optimizer) },
    });
    expect(ended(again)).toEqual(ended(fit));
    expect(again.provenance).toEqual(fit.provenance);
  }
});
