// One of each kind of part, added as a user would: with the public library only.
import { expect, test } from "vitest";
import {
  FullRankRNN,
  chain,
  cosineDecay,
  fitLowTensorRank,
  holdOut,
  last,
  lossAndGradient,
  networkObjective,
  observedMask,
  random,
  scaleByRate,
  sgd,
  simulate,
  tensor,
  train,
  varianceExplained,
  version,
  zeros,
  type Baseline,
  type GradientTransform,
  type Head,
  type HoldingBound,
  type InputModel,
  type Matrix,
  type CustomLoss,
  type Params,
  type Plant,
  type Tensor,
  type Tensor3,
  type TrialFactors,
} from "../../src";
import { gradcheck } from "../support/gradcheck";
import { draw } from "../support/sweep";

const activity = draw(1).normal([8, 6, 3], 0.4);
const quick = { network: { units: 4 }, training: { steps: 30, starts: 1 } };

/** A part is right when its adjoint is: `<dv, J p> = <J' dv, p>`, by finite differences. */
function checkAdjoint<P extends Params>(part: (params: P) => readonly [Tensor, (d: never) => P], params: P): void {
  const [value, adjoint] = part(params),
    weights = draw(2).normal(value.shape);
  const weighted = (moved: Params) =>
    part(moved as P)[0].data.reduce((sum, x, index) => sum + x * weights.data[index], 0);
  gradcheck(weighted, params, adjoint(weights as never), draw(3).normal);
}

test("a prior of trial factors: a random walk over trials", async () => {
  /** `c_k = first + sum of the steps up to k`. */
  const randomWalk = (trials: number): TrialFactors<{ first: Matrix; steps: Matrix }> => {
    const factors = ({ first, steps }: { first: Matrix; steps: Matrix }) => {
      const rank = first.shape[1],
        c = zeros([trials, rank]);
      for (let i = 0; i < c.data.length; i++) c.data[i] = steps.data[i] + (i < rank ? first.data[i] : c.data[i - rank]);
      const adjoint = (dc: Matrix) => {
        const dFirst = zeros([1, rank]),
          dSteps = zeros([trials, rank]);
        for (let i = c.data.length - 1; i >= 0; i--)
          dSteps.data[i] = dc.data[i] + (i + rank < c.data.length ? dSteps.data[i + rank] : 0);
        for (let r = 0; r < rank; r++) dFirst.data[r] = dSteps.data[r];
        return { first: dFirst, steps: dSteps };
      };
      return [c, adjoint] as const;
    };
    const start = (rank: number) => {
      const first = zeros([1, rank]);
      first.data.fill(1);
      return { first, steps: zeros([trials, rank]) };
    };
    return Object.assign(factors, { description: { kind: "randomWalk", trials }, trials, start });
  };
  checkAdjoint(randomWalk(5), { first: draw(4).normal([1, 2]), steps: draw(5).normal([5, 2]) });
  const fit = await fitLowTensorRank(activity, 2, {
    ...quick,
    network: { units: 4, trialKernel: randomWalk(8) },
  });
  expect(fit.checkpoint.runs[0].params.steps?.shape).toEqual([8, 2]);
  expect(fit.model.params.c.data.some((c) => c !== 1)).toBe(true);
  expect(fit.provenance.facts.trialFactors).toEqual({ kind: "randomWalk", trials: 8 });
});

test("a model of inputs: one pulse whose height is learned", async () => {
  /** `u = height` in the first two bins of every trial. */
  const pulse = (trials: number, time: number): InputModel<{ height: Tensor<readonly [number]> }> => {
    const inputs = ({ height }: { height: Tensor<readonly [number]> }) => {
      const u = zeros([trials, time, 1]);
      for (let k = 0; k < trials; k++) u.data.fill(height.data[0], k * time, k * time + 2);
      const adjoint = (du: Tensor3) => {
        const dHeight = zeros([1]);
        for (let k = 0; k < trials; k++) dHeight.data[0] += du.data[k * time] + du.data[k * time + 1];
        return { height: dHeight };
      };
      return [u, adjoint] as const;
    };
    return Object.assign(inputs, {
      description: { kind: "pulse" },
      inputs: 1,
      start: () => ({ height: tensor([1], [1]) }),
    });
  };
  checkAdjoint(pulse(3, 4), { height: tensor([1], [0.7]) });
  const fit = await fitLowTensorRank(activity, 1, { ...quick, inputs: pulse(8, 6) });
  expect(fit.inputs.data[0]).not.toBe(1);
  expect(fit.inputs.data[2]).toBe(0);
});

test("a decoder: neurons are squares of rates, times a gain that is learned", async () => {
  const squares: Head = {
    kind: "head",
    name: "squares",
    params: { gain: tensor([1], [0.5]) },
    predict: (y, { gain }) => ({ shape: y.shape, data: y.data.map((x) => (gain as Tensor).data[0] * x * x) }),
    adjoint: (y, d, { gain }) => ({
      dOutputs: { shape: y.shape, data: y.data.map((x, i) => 2 * (gain as Tensor).data[0] * x * d.data[i]) },
      gradients: { gain: tensor([1], [y.data.reduce((sum, x, i) => sum + x * x * d.data[i], 0)]) },
    }),
  };
  const positive: Tensor3 = { shape: activity.shape, data: activity.data.map((x) => x * x) };
  const fit = await fitLowTensorRank(positive, 1, { ...quick, decoder: squares, network: { units: 3 } });
  expect(fit.customParams.gain?.data[0]).not.toBe(0.5);
  expect(fit.prediction.data.every((x) => x * (fit.customParams.gain as Tensor).data[0] >= 0)).toBe(true);
});

test("a loss: the mean absolute error", async () => {
  const absolute: CustomLoss = {
    kind: "custom",
    name: "absolute",
    params: {},
    evaluate({ outputs, targets, mask }) {
      const d = zeros(outputs.shape),
        count = mask ? mask.data.reduce((sum, m) => sum + m, 0) : d.data.length;
      let loss = 0;
      for (let i = 0; i < d.data.length; i++) {
        if (mask && mask.data[i] === 0) continue;
        const difference = outputs.data[i] - (targets as Tensor).data[i];
        loss += Math.abs(difference) / count;
        d.data[i] = Math.sign(difference) / count;
      }
      return { loss, dOutputs: d, gradients: {} };
    },
  };
  const model = FullRankRNN.random({ units: 5, inputs: 1, outputs: 2 }, 1),
    batch = { inputs: draw(6).normal([3, 7, 1]), targets: draw(7).normal([3, 7, 2]) };
  const f = (params: Params) => lossAndGradient(model.with({ params }), batch, { loss: absolute }).loss;
  const { gradients } = lossAndGradient(model, batch, { loss: absolute });
  gradcheck(f, { w: model.params.w }, gradients, draw(8).normal);
  const fit = await fitLowTensorRank(activity, 1, { ...quick, training: { ...quick.training, loss: absolute } });
  expect(fit.loss).toBeLessThan(fit.starts[0].validationLoss * 1.0001);
});

test("an optimizer and a schedule", async () => {
  const bySign: GradientTransform<null> = {
    name: "bySign",
    span: { preserved: false, because: "signs are taken entry by entry" },
    init: () => null,
    update: (gradients) => [
      Object.fromEntries(
        Object.entries(gradients).flatMap(([name, g]) => (g ? [[name, { ...g, data: g.data.map(Math.sign) }]] : [])),
      ),
      null,
    ],
  };
  const optimizer = chain(
    bySign,
    scaleByRate((step) => 0.01 / (1 + step)),
  );
  const fit = await fitLowTensorRank(activity, 1, { ...quick, training: { ...quick.training, optimizer } });
  expect(fit.loss).toBeLessThan(fit.validationLoss * 1.0001);
  const again = await fitLowTensorRank(activity, 1, {
    ...quick,
    training: { ...quick.training, optimizer },
    start: fit,
  });
  expect(again.prediction).toEqual(fit.prediction);
  expect(cosineDecay(1, { steps: 10 })(5)).toBeCloseTo(0.5, 12);
});

test("a task with a plant: hold an integrator at a target", async () => {
  const leaky: Plant = {
    states: 1,
    controls: 1,
    feedback: 0,
    init: (s) => s.fill(0),
    step: (next, s, y) => {
      next[0] = s[0] + 0.1 * (y[0] - s[0]);
    },
    stepAdjoint: (ds, dy, dNext) => {
      ds[0] += 0.9 * dNext[0];
      dy[0] += 0.1 * dNext[0];
    },
  };
  /** A constant input, to be held by the plant. */
  const hold = (trials: number, time: number, seed: number) => {
    const stream = random(seed, "hold"),
      inputs = zeros([trials, time, 1]),
      targets = zeros([trials, time, 1]);
    for (let k = 0; k < trials; k++) {
      const level = stream.normal();
      inputs.data.fill(level, k * time, (k + 1) * time);
      targets.data.fill(level, k * time, (k + 1) * time);
    }
    return { inputs, targets };
  };
  const model = FullRankRNN.random({ units: 8, inputs: 1, outputs: 1 }, 2),
    batch = hold(4, 20, 1);
  const objective = networkObjective(model, batch, { plant: leaky });
  const end = await last(train(objective, { ...model.params }, { optimizer: sgd(0.05), steps: 30 }));
  expect(end.loss).toBeLessThan(lossAndGradient(model, batch, { plant: leaky }).loss);
  expect(simulate(model, batch.inputs, { plant: leaky }).plantStates?.shape).toEqual([4, 21, 1]);
});

test("a baseline, a score, a bound, a figure and a file format are plain functions", () => {
  const { train: mask, test: over } = holdOut(observedMask(activity), { half: [0, 0, 0], seed: 1 });
  /** Nothing ever changes. */
  const zero = (x: Tensor3): Pick<Baseline, "prediction"> => ({ prediction: zeros(x.shape) });
  expect(varianceExplained(activity, zero(activity).prediction, { train: mask, over })).toBeLessThan(0.1);
  const largestMiss = (x: Tensor3, y: Tensor3) =>
    x.data.reduce((most, v, i) => Math.max(most, Math.abs(v - y.data[i])), 0);
  expect(largestMiss(activity, activity)).toBe(0);
  /** No tensor of this shape needs more components than this. */
  const shapeBound = (shape: readonly number[]): HoldingBound => ({
    status: "holds",
    atMost: shape.reduce((a, b) => a * b, 1) / Math.max(...shape),
    statement: "rank is at most the product of all modes but the largest",
    assumptions: [],
    because: "each fiber of the largest mode is one rank-one term",
    provenance: { by: "shapeBound", version, seed: null, options: { shape: [...shape] }, facts: {} },
  });
  expect(shapeBound([2, 3, 4])).toMatchObject({ status: "holds", atMost: 6 });
  const asText = ({ shape, data }: Tensor) => `${shape.join(" ")}\n${[...data].join(" ")}`;
  const fromText = (text: string) => {
    const [shape, entries] = text.split("\n").map((line) => line.split(" ").map(Number));
    return tensor(shape, entries);
  };
  expect(fromText(asText(activity))).toEqual(activity);
  const dots = (values: readonly number[]) =>
    `<svg xmlns="http://www.w3.org/2000/svg">${values
      .map((y, x) => `<circle cx="${x}" cy="${y}" r="1"/>`)
      .join("")}</svg>`;
  expect(dots([1, 2]).match(/<circle/g)?.length).toBe(2);
});
