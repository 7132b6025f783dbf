/**
 * One update of a fit at the size of the paper's notebook, beside a training step of problem S + D in the same run: 41
 * bins, 250 trials, 200 neurons and units, rank 5, 8 conditions, inputs by the controller network, the orthogonal
 * decoder, a fifth of the trials masked; float32, one thread, Adam on both sides.
 */
import {
  LowTensorRankRNN,
  adam,
  fitLowTensorRankSteps,
  last,
  networkObjective,
  random,
  tensor,
  train,
  type Matrix,
  type Shape,
} from "ltrnn";
import { median } from "./median";

const [units, rank, trials, bins] = [200, 5, 250, 41],
  { normal } = random(9, "bench"),
  conditions = Array.from({ length: trials }, (_, k) => k % 8);
const draw = <const S extends Shape>(shape: S, std: number, mean = 0) =>
  tensor(
    shape as unknown as readonly [number, number],
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => mean + std * normal()),
  );

const activity = draw([trials, bins, units] as never, 1) as never as {
    readonly shape: readonly [number, number, number];
    readonly data: Float64Array;
  },
  mask = {
    shape: activity.shape,
    data: activity.data.map((_, i) => (Math.floor(i / (bins * units)) % 5 === 0 ? 0 : 1)),
  };

/** Seconds of a fit of so many updates. */
async function secondsOf(steps: number): Promise<number> {
  const fit = await last(
    fitLowTensorRankSteps(activity, rank, {
      mask,
      conditions,
      decoder: "orthogonal",
      inputs: { count: 5, controller: { units: 150, layers: [150, 150] } },
      network: { units, tau: 10 },
      training: { steps, starts: 1, optimizer: adam(1e-3), precision: "float32" },
    }),
  );
  return fit.seconds;
}

const model = new LowTensorRankRNN({
    a: draw([units, rank], units ** -0.5) as Matrix,
    b: draw([units, rank], units ** -0.5) as Matrix,
    c: draw([trials, rank], 0.1, 1) as Matrix,
    wIn: draw([units, 3], 3 ** -0.5) as Matrix,
    x0: draw([8, units], 0.1) as Matrix,
    readout: draw([200, units], units ** -0.5) as Matrix,
  }),
  batch = {
    inputs: draw([trials, 40, 3] as never, 1) as never,
    targets: draw([trials, 40, 200] as never, 0.1) as never,
    conditions,
  },
  steps = train(
    networkObjective(model, batch, { dt: 0.05, precision: "float32" }),
    { ...model.params },
    {
      optimizer: adam(1e-3),
      steps: 10_000,
      every: 1,
    },
  );

const theirs: number[] = [],
  ours: number[] = [];
await secondsOf(4);
for (let round = 0; round < 5; round++) {
  for (let i = 0; i < 8; i++) {
    const from = performance.now();
    await steps.next();
    if (round > 0 || i > 4) theirs.push(performance.now() - from);
  }
  ours.push((1000 * ((await secondsOf(11)) - (await secondsOf(1)))) / 10);
}
await steps.return(undefined);
const [step, sd] = [median(ours), median(theirs)];
console.log(
  `a fit's update at the notebook's size: ${step.toFixed(1)} ms; a training step of S + D: ${sd.toFixed(1)} ms; ratio ${(step / sd).toFixed(2)} (at most 2); the process took ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most (500)`,
);
