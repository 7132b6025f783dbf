import { random } from "../../src/base";
import {
  LowRankRNN,
  LowTensorRankRNN,
  allFixedPoints,
  compareRanks,
  congruenceMatrix,
  cpToTensor,
  flipFlop,
  latentActivity,
  latentField,
  learningRankBound,
  principalAngles,
  sgd,
  simulate,
  tensor,
  weightChanges,
  weightEigenvalues,
  zeros,
  type Cp,
  type Matrix,
  type Tensor3,
} from "../../src";
import * as figures from "../../src/figures";
import type { Figure } from "../../src/figures";

/** How large a figure is asked to be: of its own size where this says nothing. */
type Size = { readonly width?: number };

const rangeOf = (count: number) => Array.from({ length: count }, (_, i) => i);
const noise = (name: string, shape: readonly number[], scale = 1) => {
  const stream = random(7, name);
  return tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * stream.normal()),
  );
};
/** Numbers of three digits: rounding that differs between machines does not reach a reference. */
const course = (count: number, of: (i: number) => number) => rangeOf(count).map((i) => Number(of(i).toPrecision(3)));
const trials = 60,
  epochs = rangeOf(trials).map((k) => (k < 15 ? "baseline" : k < 40 ? "field" : "washout")),
  conditions = rangeOf(trials).map((k) => 45 * (k % 4)),
  learned = (k: number) => (k < 15 ? 0 : k < 40 ? 1 - Math.exp(-(k - 15) / 8) : Math.exp(-(k - 40) / 6));

/** A decomposition of activity with known components, not fitted: the same numbers everywhere. */
const components = (): Cp => ({
  weights: tensor([3], [4, 2.5, 1.2]),
  factors: [
    tensor(
      [trials, 3],
      rangeOf(trials).flatMap((k) => course(3, (r) => [learned(k), 1, Math.cos(k % 4)][r])),
    ),
    tensor(
      [30, 3],
      rangeOf(30).flatMap((t) => course(3, (r) => Math.exp(-((t - 6 - 8 * r) ** 2) / 30))),
    ),
    tensor(
      [25, 3],
      rangeOf(25).flatMap((n) => course(3, (r) => Math.sin((r + 1) * n))),
    ),
  ],
});

/** A network whose two components change as the decomposition's first and third do. */
const model = () => {
  const drawn = LowTensorRankRNN.random({ units: 40, inputs: 1, outputs: 1, rank: 2, trials, gain: 2 }, 3);
  const c = tensor(
    [trials, 2],
    rangeOf(trials).flatMap((k) => course(2, (r) => (r ? 1 + 0.3 * Math.cos(k % 4) : 0.5 + 3 * learned(k)))),
  );
  return drawn.with({ params: { ...drawn.params, c: c as Matrix } });
};

/** Every figure function on small results, by what it shows. */
export const cases: Readonly<Record<string, (size?: Size) => Figure>> = {
  line: (size) =>
    figures.lineFigure(
      [
        { label: "learned", x: rangeOf(60), y: rangeOf(60).map(learned) },
        { label: "null", x: [0, 59], y: [0.3, 0.3], dashed: true },
      ],
      {
        ...size,
        title: "A line",
        xLabel: "trial",
        yLabel: "change",
        marks: [{ x: 14.5, label: "field", breaks: true }],
      },
    ),
  scatter: (size) =>
    figures.scatterFigure(
      [
        { label: "hand", x: [0, 0.4, 0.9, 1], y: [0, 0.2, 0.1, 0.6], joined: true },
        { label: "target", x: [1, 0.2], y: [0.6, 1] },
      ],
      { ...size, title: "Points", xLabel: "x (cm)", yLabel: "y (cm)" },
    ),
  heatMap: (size) =>
    figures.heatMapFigure(noise("W", [12, 20], 0.3) as Matrix, {
      ...size,
      title: "W",
      xLabel: "presynaptic",
      yLabel: "postsynaptic",
    }),
  learningCurve: (size) =>
    figures.learningCurveFigure(
      {
        starts: [1, 2].map((seed) => ({
          seed,
          trace: {
            losses: course(80, (i) => 0.5 * Math.exp(-i / (10 * seed)) + 0.01),
            validationLosses: course(80, (i) => 0.5 * Math.exp(-i / (10 * seed)) + 0.02).map((v, i) =>
              i % 10 ? null : v,
            ),
          },
        })),
      },
      size,
    ),
  components: (size) =>
    figures.componentsFigure(components(), {
      conditions,
      epochs,
      dt: 0.02,
      timeUnit: "s",
      title: "Components",
      ...size,
    }),
  trialFactors: (size) =>
    figures.trialFactorFigure(
      {
        factors: tensor(
          [trials, 2],
          rangeOf(trials).flatMap((k) => course(2, (r) => (r ? 1 + 0.1 * Math.sin(k) : learned(k)))),
        ),
        deviations: tensor(
          [trials, 2],
          rangeOf(trials).flatMap(() => [0.06, 0.12]),
        ),
      },
      { epochs, title: "Trial factors", ...size },
    ),
  trialFactorsByCondition: (size) => figures.trialFactorFigure({ model: model() }, { epochs, conditions, ...size }),
  rankScore: (size) =>
    figures.rankScoreFigure(
      [
        ...[1, 2, 3, 4, 5, 6].flatMap((rank) =>
          rangeOf(5).map((fold) => {
            const score = 0.8 - 0.5 * Math.exp(-rank) - 0.004 * rank * rank + 0.02 * Math.sin(3 * fold + rank);
            return { model: "ltrRNN", axes: { rank }, fold, validation: score, test: score };
          }),
        ),
        ...rangeOf(5).map((fold) => ({
          model: "condition mean",
          axes: {},
          fold,
          validation: 0.55 + 0.01 * fold,
          test: 0.5,
        })),
      ],
      { chosen: 3, ceiling: 0.86, ...size },
    ),
  rankDiagnostics: (size) =>
    figures.rankDiagnosticFigure(
      [
        { rank: 1, coreConsistency: null, replicability: [1, 1, 1] },
        { rank: 2, coreConsistency: 99, replicability: [0.99, 1, 0.98] },
        { rank: 3, coreConsistency: 91, replicability: [0.97, 0.95, 0.99] },
        { rank: 4, coreConsistency: 12, replicability: [0.4, 0.9, 0.7] },
        { rank: 5, coreConsistency: -340, replicability: [0.2, 0.5, 0.6] },
      ],
      size,
    ),
  congruence: (size) =>
    figures.congruenceFigure(congruenceMatrix({ ...components(), weights: tensor([3], [4, 2.5, -1.2]) }), size),
  singularValues: (size) => figures.singularValueFigure(comparison(), size),
  rankBounds: (size) => figures.rankBoundFigure(comparison(), size),
  eigenvalues: (size) => figures.eigenvalueFigure(weightEigenvalues(model()), size),
  vectorField: (size) => {
    const relu = LowRankRNN.random({ units: 30, inputs: 1, rank: 2, phi: "relu", gain: 2.5 }, 11);
    const [a, b] = [
      latentField(relu, [
        [-2, 2],
        [-2, 2],
      ]),
      latentField(relu.with({ tau: 2 }), [
        [-2, 2],
        [-2, 2],
      ]),
    ];
    const { points } = allFixedPoints(relu);
    return figures.vectorFieldFigure(
      [
        { label: "baseline", field: a, points },
        {
          label: "washout",
          field: b,
          points: [
            { stability: "saddle", kappa: tensor([2], [1, -1]) },
            { stability: "unstable", kappa: tensor([2], [-1, 1]) },
          ],
        },
      ],
      size,
    );
  },
  trajectories: (size) => {
    const network = LowRankRNN.random({ units: 40, inputs: 1, rank: 2, gain: 2 }, 4);
    const inputs = tensor(
      [12, 40, 1],
      rangeOf(480).map((at) => (Math.floor(at / 40) % 3) - 1 + 0.3 * Math.sin(at)),
    );
    return figures.trajectoryFigure(latentActivity(network, simulate(network, inputs, { dt: 0.2 }).states), {
      ...size,
      conditions: rangeOf(12).map((k) => ["left", "middle", "right"][k % 3]),
    });
  },
  neuronFit: (size) => {
    const prediction = cpToTensor(components()) as Tensor3,
      data = prediction.data.map((value, at) => (at % 31 === 0 ? NaN : value + 0.1 * Math.sin(at)));
    return figures.neuronFitFigure({ shape: prediction.shape, data }, prediction, {
      ...size,
      conditions,
      dt: 0.02,
      timeUnit: "s",
      activityUnit: "Hz",
    });
  },
  sortedRates: (size) =>
    figures.sortedRateFigure(cpToTensor(components()) as Tensor3, { dt: 0.02, timeUnit: "s", ...size }),
  replicates: (size) =>
    figures.replicateFigure(
      [1, 2, 3].map((seed) => ({
        seed,
        score: 0.99 - 0.1 * seed * seed,
        components: [0, 1].map((r) => ({
          column: 0.99 - 0.02 * r,
          row: 0.95 - 0.05 * seed - 0.1 * r,
          trialFactor: 0.98 - 0.01 * seed,
          change: 0.9 - 0.2 * r,
        })),
      })),
      size,
    ),
  inputs: (size) =>
    figures.inputFigure(
      {
        inputs: tensor(
          [8, 25, 3],
          rangeOf(600).map((at) => Number(Math.sin((at % 75) / 9 + Math.floor(at / 75)).toFixed(3))),
        ),
        trialConditions: [0, 1, 0, 1, 0, 1, 0, 1],
        conditionLabels: ["left", "right"],
        preparation: 5,
        model: { params: { x0: noise("x0", [2, 40], 0.5) as Matrix } },
      },
      { dt: 0.02, timeUnit: "s", ...size },
    ),
  hand: (size) => {
    const reach = (bend: number): Tensor3 =>
      tensor(
        [8, 20, 4],
        rangeOf(640).map((at) => {
          const angle = (Math.PI / 4) * Math.floor(at / 80),
            part = Math.floor((at % 80) / 4) / 19,
            side = bend * Math.sin(Math.PI * part);
          const value = [
            part * Math.cos(angle) - side * Math.sin(angle),
            part * Math.sin(angle) + side * Math.cos(angle),
            0,
            0,
          ][at % 4];
          return Number(value.toFixed(4));
        }),
      );
    return figures.handFigure(
      [
        { label: "baseline", states: reach(0.01) },
        { label: "first in the field", states: reach(-0.25) },
        { label: "first of washout", states: reach(0.2) },
      ],
      {
        errors: course(trials, (k) => (k < 15 ? 0.01 : k < 40 ? -0.25 * (1 - learned(k)) : 0.2 * learned(k))),
        epochs,
        lengthUnit: "m",
        ...size,
      },
    );
  },
  subspaceAngles: (size) => {
    const basis = (name: string) => noise(name, [40, 3]) as Matrix,
      truth = basis("truth"),
      error = noise("error", [40, 3]);
    const near = { ...truth, data: truth.data.map((value, at) => value + 0.4 * error.data[at]) };
    const chance = rangeOf(100).map((i) => principalAngles(basis(`chance ${i}`), truth));
    return figures.subspaceAngleFigure(
      [
        { label: "columns, changes", angles: principalAngles(near, truth), chance },
        { label: "rows, changes", angles: principalAngles(basis("rows"), truth), chance },
      ],
      size,
    );
  },
  taskTrial: (size) => {
    const task = flipFlop({ bits: 2, trials: 2, steps: 60, seed: 3 });
    const outputs = {
      ...task.batch.targets,
      data: task.batch.targets.data.map((y, at) => 0.9 * y + 0.05 * Math.sin(at)),
    };
    return figures.taskTrialFigure(task, 1, { outputs, ...size });
  },
};

function comparison() {
  const units = 12,
    steps = 20;
  const weights = zeros([units, units, steps + 1]);
  for (let i = 0; i < units; i++)
    for (let j = 0; j < units; j++)
      for (let k = 0; k <= steps; k++)
        weights.data[(i * units + j) * (steps + 1) + k] =
          Math.sin(i) * Math.cos(2 * j) * (1 - Math.exp(-k / 6)) +
          0.1 * Math.cos(3 * i) * Math.sin(j) * (1 - Math.exp(-k / 12));
  const bound = learningRankBound({
    units,
    inputs: 1,
    outputs: 1,
    snapshots: steps,
    activation: "identity",
    optimizer: sgd(0.1),
  });
  return compareRanks({ changes: weightChanges(weights), steps: rangeOf(steps + 1) }, bound);
}
