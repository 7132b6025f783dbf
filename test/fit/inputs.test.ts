import { expect, test } from "vitest";
import { fromJson, toJson } from "../../src/data";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { withoutPreparation } from "../../src/fit/preparation";
import { poseFit } from "../../src/fit/pose-fit";
import type { CustomLoss, Head } from "../../src/losses";
import { optimizerFrom, type OptimizerDescription } from "../../src/optim";
import { fixedTrialFactors, trialFactorsFrom, type PartDescription } from "../../src/parts";
import { simulate } from "../../src/run";
import { matmul, tensor, transpose, zeros, type Params, type Tensor, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { draw } from "../support/sweep";

const d = draw(1),
  activity = d.normal([8, 5, 3], 0.3),
  known = d.normal([8, 5, 2]),
  conditions = [0, 1, 0, 1, 0, 1, 0, 1],
  quick = { conditions, network: { units: 4 }, training: { steps: 15, starts: 2 }, seed: 3 } as const;

const forms: readonly (readonly [string, FitOptions])[] = [
  ["a record of a count", { inputs: { count: 2 } }],
  ["smooth", { inputs: { count: 2, smoothness: 2 }, training: { ...quick.training, penalties: { noiseShare: 0.3 } } }],
  ["smooth, every option", { inputs: { count: 1, smoothness: { kernel: "rbf", length: 3, sigma: 2, basis: 0.95 } } }],
  ["before a bin, penalized", { inputs: { count: 2, until: 3, l1: 0.1, l2: 0.2 } }],
  ["changing", { inputs: { count: 2, changing: 2 } }],
  ["changing only, smooth", { inputs: { count: 0, changing: 1, smoothness: 2, trialKernel: { length: 2 }, l2: 0.1 } }],
  [
    "changing, weights fixed",
    { inputs: { count: 1, changing: 2 }, network: { units: 4, trialKernel: fixedTrialFactors(8) } },
  ],
  ["changing by a prior", { inputs: { count: 1, changing: 1, trialKernel: fixedTrialFactors(8) } }],
  ["a controller", { inputs: { count: 2, controller: { units: 5, layers: [4, 3], tau: 3 } } }],
  ["a preparatory period", { inputs: { count: 2, until: 0 }, network: { units: 4, preparation: 4 } }],
  ["a list", { inputs: [known, 1, { count: 1, changing: 1, until: 2 }] }],
  [
    "in the span of the columns",
    { inputs: { count: 2, changing: 1 }, network: { units: 4, span: "columns", preparation: 2 } },
  ],
  [
    "from the means of neurons",
    { inputs: [known, { count: 3, smoothness: 2, until: 4 }], decoder: "identity", network: { preparation: 0 } },
  ],
  ["from the means, prepared", { inputs: 2, decoder: "identity", network: { preparation: 3, phi: "identity" } }],
];

/** The option as provenance has it, for a call: known inputs and priors of trial factors put in again. */
const restored = (option: unknown): unknown => {
  if (option === null || option === undefined) return known;
  if (Array.isArray(option)) return option.map(restored);
  const { trialKernel, ...rest } = option as { trialKernel?: PartDescription };
  if (typeof option !== "object" || trialKernel === undefined) return option;
  return { ...rest, trialKernel: trialKernel.kind ? trialFactorsFrom(trialKernel) : trialKernel };
};
const ended = ({ prediction, model, inputs, changingInputs, starts, loss }: LowTensorRankFit) => ({
  prediction,
  params: model.params,
  inputs,
  changingInputs,
  starts,
  loss,
});

test.each(forms)(
  "%s: every parameter moves, the model makes the prediction, steps resume, provenance makes the fit again",
  async (_, form) => {
    const options: FitOptions = { ...quick, ...form };
    const steps: LowTensorRankFit[] = [];
    for await (const now of fitLowTensorRankSteps(activity, 2, options)) steps.push(now);
    const end = steps[steps.length - 1],
      preparation = form.network?.preparation ?? 0,
      { params } = end.checkpoint.runs[0],
      start = poseFit("test", activity, 2, readFitOptions("test", options)).start(3);
    for (const [name, x] of Object.entries(start))
      expect(params[name]!.data.some((v, i) => v !== x!.data[i]) || x!.data.length === 0, name).toBe(true);

    expect(end.preparation).toBe(preparation);
    expect(end.inputs.shape).toEqual([8, preparation + 5, end.model.params.wIn.shape[1]]);
    expect(end.prediction.shape).toEqual([8, 5, 3]);
    const run = simulate(end.model, end.inputs, { dt: end.dt, conditions: end.conditions });
    close(withoutPreparation(run.outputs, preparation), end.prediction, 1e-12);

    const later = await fitLowTensorRank(activity, 2, {
      ...options,
      start: fromJson(toJson(steps[1])) as LowTensorRankFit,
    });
    expect(ended(later)).toEqual(ended(end));

    const { seed, options: made } = fromJson(toJson(end.provenance)) as LowTensorRankFit["provenance"],
      { optimizer, ...training } = made.training as { readonly optimizer: OptimizerDescription },
      network = made.network as { trialKernel: PartDescription };
    const again = await fitLowTensorRank(activity, 2, {
      ...(made as FitOptions),
      inputs: restored(made.inputs) as FitOptions["inputs"],
      network: restored(network) as FitOptions["network"],
      training: { ...training, optimizer: optimizerFrom(optimizer) },
      conditions,
      seed: seed as number,
    });
    expect(ended(again)).toEqual(ended(end));
    expect(again.provenance).toEqual(end.provenance);
  },
);

test("a number of inputs and a record of it are one fit", async () => {
  const [a, b] = [
    await fitLowTensorRank(activity, 2, { ...quick, inputs: 3 }),
    await fitLowTensorRank(activity, 2, { ...quick, inputs: { count: 3 } }),
  ];
  expect(ended(a)).toEqual(ended(b));
});

test("after `until` the network is autonomous; with a preparatory period from the first recorded bin", async () => {
  const early = await fitLowTensorRank(activity, 1, { ...quick, inputs: { count: 2, changing: 1, until: 2 } });
  for (let k = 0; k < 8; k++)
    for (let t = 0; t < 5; t++)
      for (let r = 0; r < 3; r++) expect(early.inputs.data[(k * 5 + t) * 3 + r] === 0).toBe(t >= 2);
  const prepared = await fitLowTensorRank(activity, 1, {
    ...quick,
    inputs: { count: 1, until: 0 },
    network: { units: 4, preparation: 3 },
  });
  for (let k = 0; k < 8; k++) for (let t = 0; t < 8; t++) expect(prepared.inputs.data[k * 8 + t] === 0).toBe(t >= 3);
});

test("the result names the factors of inputs that change, and they make the inputs", async () => {
  const fit = await fitLowTensorRank(activity, 1, {
    ...quick,
    inputs: [known, { count: 1, changing: 2 }],
  });
  const { columns, d: factors, v } = fit.changingInputs!;
  expect(columns).toEqual([3, 4]);
  expect(factors.shape).toEqual([8, 2]);
  expect(v.shape).toEqual([2, 5, 2]);
  for (let k = 0; k < 8; k++)
    for (let t = 0; t < 5; t++) {
      const row = fit.inputs.data.subarray((k * 5 + t) * 5, (k * 5 + t + 1) * 5);
      expect([row[0], row[1]]).toEqual([known.data[(k * 5 + t) * 2], known.data[(k * 5 + t) * 2 + 1]]); // as given
      for (let r = 0; r < 2; r++)
        expect(row[3 + r]).toBeCloseTo(factors.data[k * 2 + r] * v.data[(conditions[k] * 5 + t) * 2 + r], 13);
    }
  const size = (r: number) => factors.data.reduce((sum, x, i) => (i % 2 === r ? sum + x * x : sum), 0),
    largest = ({ data }: Tensor, column: number, count: number) =>
      data.reduce((most, x, i) => (i % count === column && Math.abs(x) > Math.abs(most) ? x : most), 0);
  expect(size(0)).toBeGreaterThanOrEqual(size(1));
  for (const r of [0, 1]) {
    expect(largest(v, r, 2)).toBeGreaterThan(0);
    expect(largest(fit.model.params.wIn, columns[r], 5)).toBeGreaterThan(0);
  }
  expect((await fitLowTensorRank(activity, 1, { ...quick, inputs: 2 })).changingInputs).toBeUndefined();
});

test("inputs whose size is penalized keep a size: their weights have root mean square 1", async () => {
  const fit = await fitLowTensorRank(activity, 1, { ...quick, inputs: [1, { count: 2, l2: 0.1 }] }),
    { data, shape } = fit.model.params.wIn;
  const squares = [0, 1, 2].map((j) => data.reduce((sum, w, i) => (i % 3 === j ? sum + w * w : sum), 0) / shape[0]);
  expect(squares[0]).not.toBeCloseTo(1, 3);
  expect(squares[1]).toBeCloseTo(1, 12);
  expect(squares[2]).toBeCloseTo(1, 12);
  const stronger = await fitLowTensorRank(activity, 1, { ...quick, inputs: [1, { count: 2, l2: 100 }] }),
    size = ({ inputs }: LowTensorRankFit) => inputs.data.reduce((sum, u, i) => (i % 3 > 0 ? sum + u * u : sum), 0);
  expect(size(stronger)).toBeLessThan(size(fit) / 4);
});

test("smooth inputs are smoother than free ones, and their prior pulls as noise allows", async () => {
  const noise = draw(3).normal([8, 30, 3], 0.5),
    waves: Tensor3 = {
      shape: noise.shape,
      data: noise.data.map((x, i) => x + Math.sin((Math.floor(i / 3) % 30) / 4 + (i % 3))),
    };
  const fitWith = (smoothness: number | undefined, noiseShare: number) =>
    fitLowTensorRank(waves, 1, {
      inputs: { count: 2, ...(smoothness ? { smoothness } : {}) },
      network: { units: 8 },
      training: { starts: 1, penalties: { noiseShare } },
    });
  /** Of the drive W_in u: its squared change from bin to bin, in units of its size. */
  const roughness = ({ inputs, model }: LowTensorRankFit) => {
    const one = tensor([30, 2], inputs.data.subarray(0, 60)),
      drive = matmul(one, transpose(model.params.wIn)).data;
    let change = 0,
      size = 0;
    for (let index = 8; index < drive.length; index++) {
      change += (drive[index] - drive[index - 8]) ** 2;
      size += drive[index] ** 2;
    }
    return change / size;
  };
  const energy = ({ checkpoint }: LowTensorRankFit) =>
    checkpoint.runs[0].best!.params.u!.data.reduce((sum, z) => sum + z * z, 0);
  const [free, smooth, pulled] = [await fitWith(undefined, 0), await fitWith(5, 0), await fitWith(5, 0.7)];
  expect(roughness(smooth)).toBeLessThan(roughness(free) / 5);
  expect(roughness(pulled)).toBeLessThan(roughness(free) / 5);
  expect(energy(pulled)).toBeLessThan(energy(smooth) / 3);
});

test("a preparatory period is simulated and not compared, by any loss", async () => {
  const network = { units: 3, preparation: 2 },
    squares: Head = {
      kind: "head",
      name: "squares",
      params: { gain: tensor([1], [0.5]) },
      predict: (y, { gain }) => ({ shape: y.shape, data: y.data.map((x) => (gain as Tensor).data[0] * x * x) }),
      adjoint: (y, dy, { gain }) => ({
        dOutputs: { shape: y.shape, data: y.data.map((x, i) => 2 * (gain as Tensor).data[0] * x * dy.data[i]) },
        gradients: { gain: tensor([1], [y.data.reduce((sum, x, i) => sum + x * x * dy.data[i], 0)]) },
      }),
    };
  const seen: number[] = [];
  const fourth: CustomLoss = {
    kind: "custom",
    name: "fourth power",
    params: {},
    evaluate({ outputs, targets, mask }) {
      seen.push(outputs.shape[1], targets!.shape[1], mask!.shape[1]);
      const dOutputs = zeros(outputs.shape);
      let loss = 0;
      for (let i = 0; i < dOutputs.data.length; i++) {
        if (mask!.data[i] === 0) continue;
        const e = outputs.data[i] - targets!.data[i];
        loss += e ** 4;
        dOutputs.data[i] = 4 * e ** 3;
      }
      return { loss, dOutputs, gradients: {} };
    },
  };
  for (const more of [{ decoder: squares }, { training: { ...quick.training, loss: fourth } }] as FitOptions[]) {
    const options = { ...quick, ...more, network },
      problem = poseFit("test", activity, 1, readFitOptions("test", options)),
      objective = fitObjective("test", problem),
      params = problem.start(2);
    expect(problem.activity.shape).toEqual([8, 7, 3]);
    gradcheck((at: Params) => objective(at, 0).loss, params, objective(params, 0).gradients, draw(2).normal);
    const fit = await fitLowTensorRank(activity, 1, options);
    expect(fit.prediction.shape).toEqual([8, 5, 3]);
    expect(fit.inputs.shape).toEqual([8, 7, 4]);
  }
  expect(new Set(seen)).toEqual(new Set([5]));
});

const wrong = async (options: unknown): Promise<string> => {
  try {
    await fitLowTensorRank(activity, 1, { ...quick, ...(options as FitOptions) });
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

test.each([
  [{ inputs: { coutn: 2 } }, "expected inputs by known names, got the unknown name coutn. Did you mean count?"],
  [{ inputs: { count: -1 } }, "expected inputs.count to be a whole number of at least 0"],
  [{ inputs: { changing: 1.5 } }, "expected inputs.changing to be a whole number of at least 0"],
  [{ inputs: { l1: -1 } }, "expected inputs.l1 to be a finite number of at least 0"],
  [{ inputs: { l2: Number.NaN } }, "expected inputs.l2 to be a finite number of at least 0"],
  [{ inputs: { until: 6 } }, "fitLowTensorRank: expected inputs.until of at most 5, the recorded bins, got 6"],
  [{ inputs: { until: 0 } }, "expected inputs.until of at least 1 without a preparatory period"],
  [{ inputs: { smoothness: 0 } }, "expected inputs.smoothness.length to be a finite number above 0"],
  [{ inputs: { smoothness: null } }, "expected inputs.smoothness.length"],
  [
    { inputs: { smoothness: { length: 2, kernel: "rbf", alpha: 1 } } },
    "expected inputs.smoothness.alpha with the kernel",
  ],
  [{ inputs: { smoothness: { length: 2, basis: 1 } } }, "expected inputs.smoothness.basis to be a finite number"],
  [{ inputs: { trialKernel: { length: 2 } } }, "expected inputs.changing above 0 with a trialKernel"],
  [{ inputs: { changing: 1, trialKernel: { times: [1] } } }, "expected inputs.trialKernel.times of 8 trials"],
  [
    { inputs: { changing: 1, trialKernel: fixedTrialFactors(3) } },
    "expected inputs.trialKernel to make trial factors of 8 trials",
  ],
  [{ inputs: { count: 0, l1: 1 } }, "expected inputs to learn at least one"],
  [{ inputs: { count: 0, changing: 1, controller: {} } }, "expected inputs.count above 0 with a controller"],
  [{ inputs: { controller: {}, smoothness: 2 } }, "expected inputs.smoothness without a controller"],
  [{ inputs: { controller: { tau: 0.5 } } }, "expected inputs.controller.tau from network.dt = 1"],
  [
    { inputs: { controller: { layers: [0] } } },
    "expected inputs.controller.layers[0] to be a whole number of at least 1",
  ],
  [{ inputs: { controller: { units: 10_000, layers: [10_000] } } }, "expected at most 134217728 parameters to fit"],
  [{ inputs: { changing: 20_000_000 } }, "expected at most 134217728 parameters to fit"],
  [{ inputs: [] }, "expected inputs to be a list of 1 to 100 models of inputs, got a list of 0"],
  [{ inputs: [2, { count: "3" }] }, "expected inputs[1].count to be a whole number"],
  [{ inputs: [2, zeros([8, 4, 1])] }, "expected inputs[1] (8 × 5 × inputs), got (8 × 4 × 1)"],
  [
    { inputs: known, network: { units: 4, preparation: 3 } },
    "expected inputs (8 × 8 × inputs), of 3 bins of preparation and 5 recorded ones, got (8 × 5 × 2)",
  ],
  [{ network: { preparation: -1 } }, "expected network.preparation to be a whole number of at least 0"],
])("%o is refused", async (options, words) => {
  expect(await wrong(options)).toContain(words);
});
