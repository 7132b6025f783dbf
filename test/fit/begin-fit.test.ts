import { expect, test } from "vitest";
import { last } from "../../src/base";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { random } from "../../src/base";
import { tensor } from "../../src/tensor";

const { normal } = random(7, "waves"),
  activity = tensor(
    [6, 12, 5],
    Array.from({ length: 360 }, (_, i) => Math.sin((i % 60) / 9) * (1 + Math.floor(i / 60) / 6) + 0.05 * normal()),
  );
const from = (options: FitOptions) => ({
  ...options,
  network: { units: 6, tau: 4 },
  seed: 3,
});
const optimizerOf = ({ checkpoint }: LowTensorRankFit) => checkpoint.optimizer.kind;

test("with an orthogonal decoder or controllers Adam comes first", async () => {
  const training = { steps: 12, starts: 1 },
    kinds: string[] = [];
  for (const options of [
    { decoder: "orthogonal" },
    { inputs: { count: 1, controller: { units: 3, layers: [3] } } },
    { decoder: "linear" },
  ] as const)
    kinds.push(optimizerOf(await fitLowTensorRank(activity, 1, from({ ...options, training }))));
  expect(kinds).toEqual(["followedBy", "followedBy", "scaleByCurvature"]);
});

test("L-BFGS takes over, and a fit that was stopped before or after it did ends with the same bits", async () => {
  const options = from({ decoder: "orthogonal", inputs: 1, training: { steps: 120, starts: 1, tolerance: 0.05 } }),
    states: LowTensorRankFit[] = [];
  for await (const fit of fitLowTensorRankSteps(activity, 1, options)) states.push(fit);
  const end = states[states.length - 1];
  expect(end.checkpoint.optimizer.after).toBe(60);
  expect(end.steps).toBeGreaterThanOrEqual(80); // no fall is judged before L-BFGS has made 20 updates
  expect(end.status).toBe("converged");
  for (const steps of [40, 70]) {
    const stopped = states.find((fit) => fit.steps === steps);
    const resumed = await last(fitLowTensorRankSteps(activity, 1, { ...options, start: structuredClone(stopped!) }));
    expect(resumed.model.params).toEqual(end.model.params);
    expect(resumed.steps).toBe(end.steps);
  }
});
