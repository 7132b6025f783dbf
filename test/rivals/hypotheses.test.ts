import { expect, test } from "vitest";
import { LowTensorRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { crossValidate } from "../../src/select";
import { inverseOf, shuffledOrder } from "../../src/select/shuffled-trials";
import { select, tensor, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const [trials, steps, units, kinds] = [36, 10, 8, 3],
  conditions = Array.from({ length: trials }, (_, k) => (k * 7) % kinds),
  epochs = conditions.map((_, k) => (2 * k < trials ? "before" : "after"));

/** Activity with noise of a network of rank 1: its weights, and one of its two inputs, in every trial. */
function recorded(weight: (k: number) => number, input: (k: number) => number, noise: number): Tensor3 {
  const d = draw(7),
    a = d.normal([units, 1]),
    b = d.normal([units, 1], 0.5),
    wIn = d.normal([units, 2]),
    x0 = d.normal([kinds, units], 0.3),
    courses = d.normal([kinds * steps, 2]).data,
    c = tensor(
      [trials, 1],
      conditions.map((_, k) => weight(k)),
    ) as Matrix,
    u = zeros([trials, steps, 2]);
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < steps; t++) {
      const at = 2 * (k * steps + t),
        course = 2 * (conditions[k] * steps + t);
      u.data[at] = courses[course];
      u.data[at + 1] = input(k) * courses[course + 1];
    }
  const { outputs } = simulate(new LowTensorRankRNN({ a, b, c, wIn, x0 }, { tau: 2 }), u, { dt: 1, conditions }),
    size = Math.sqrt(outputs.data.reduce((sum, x) => sum + x * x, 0) / outputs.data.length),
    added = draw(9).normal(outputs.shape, noise * size).data;
  return { shape: outputs.shape, data: outputs.data.map((x, at) => x + added[at]) };
}

const smooth = (k: number) => Math.sin((2 * Math.PI * k) / trials),
  single = draw(8).normal([trials]).data,
  jump = (k: number) => (2 * k < trials ? -1 : 1);

/** Where trials are that the shuffling brings into their order: there, the control is the truth. */
const back = inverseOf(shuffledOrder(zeros([trials]), { model: "fit", axes: {}, options: {} }));

/** What changed, for each hypothesis. */
const worlds: Readonly<Record<string, () => Tensor3>> = {
  nothing: () =>
    recorded(
      () => 1,
      () => 1,
      1,
    ),
  inputs: () =>
    recorded(
      () => 1,
      (k) => 1.5 * smooth(k),
      0.3,
    ),
  jump: () =>
    recorded(
      (k) => 1 + 2 * jump(k),
      () => 1,
      0.3,
    ),
  weights: () =>
    recorded(
      (k) => 1.5 + 2 * smooth(k),
      () => 1,
      0.3,
    ),
  shuffled: () => select(worlds.weights(), 0, back),
  free: () =>
    recorded(
      (k) => 1.5 + 2 * single[k],
      () => 1,
      0.1,
    ),
};
const names = Object.keys(worlds);

// a richer hypothesis contains a simpler one, and can tie with it where that is the truth: the simplest of ties counts
test.each(names)("of all hypotheses, %s explains most of what is held out where it is the truth", async (truth) => {
  const labels = (values: readonly (number | string)[]) => (truth === "shuffled" ? back.map((k) => values[k]) : values);
  const { rows } = await crossValidate(
    worlds[truth](),
    {
      axes: { hypothesis: names, rank: [1] },
      options: {
        conditions: labels(conditions),
        epochs: labels(epochs),
        decoder: "identity",
        inputs: 2,
        network: { trialKernel: { length: 5 } },
        training: { steps: 60, starts: 1 },
      },
    },
    { folds: 1, boxes: { half: [0, 1, Number.POSITIVE_INFINITY], test: 0.25, validation: 0.1 } },
  );
  const scores = rows.map(({ axes, test: score }) => [axes.hypothesis, score ?? Number.NaN] as const),
    most = Math.max(...scores.map(([, score]) => score)),
    told = scores.find(([, score]) => score > most - 0.004);
  expect(told?.[0], JSON.stringify(scores)).toBe(truth);
});
