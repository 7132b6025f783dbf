/**
 * One update of a fit at the size of the paper's notebook, beside a training step of problem S + D in the same run: 41
 * bins, 250 trials, 200 neurons and units, rank 5, 8 conditions, inputs by the controller network, the orthogonal
 * decoder, a fifth of the trials masked; float32, one thread, Adam on both sides. Times are of CPU, so run it by
 * `node --single-threaded --import tsx bench/fit-step.ts`, as `npm run bench -- fit-step` does: threads that compile
 * and collect garbage would count too. With `--at-most 2` it fails where the ratio is larger, or memory beyond 500 MB.
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
  type GradientTransform,
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

/** CPU milliseconds of this process, which other processes of the machine do not count in. */
const milliseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const theirs: number[] = [],
  ours: number[] = [],
  inner = adam(1e-3),
  perTurn = 6;
let updates = 0,
  since = 0;
/** Adam, which notes how long an update took, and after every so many lets S + D have its turn. */
const optimizer: GradientTransform = {
  name: "adam with a clock",
  span: inner.span,
  init: (params) => inner.init(params),
  async update(gradients, memory, params) {
    const turn = updates % perTurn;
    if (updates > perTurn && turn > 0) ours.push(milliseconds() - since);
    if (turn === 0)
      for (let i = 0; i < perTurn; i++) {
        const from = milliseconds();
        await steps.next();
        if (updates > 0 && i > 0) theirs.push(milliseconds() - from);
      }
    updates++;
    since = milliseconds();
    return inner.update(gradients, memory as never, params);
  },
};
await last(
  fitLowTensorRankSteps(activity, rank, {
    mask,
    conditions,
    decoder: "orthogonal",
    inputs: { count: 5, controller: { units: 150, layers: [150, 150] } },
    network: { units, tau: 10 },
    training: { steps: 10 * perTurn, starts: 1, optimizer, precision: "float32" },
  }),
);
await steps.return(undefined);
const [step, sd] = [median(ours), median(theirs)],
  megabytes = process.resourceUsage().maxRSS / 1024,
  flag = process.argv.indexOf("--at-most"),
  atMost = flag < 0 ? Number.POSITIVE_INFINITY : Number(process.argv[flag + 1]);
if (flag >= 0 && !(step / sd <= atMost && megabytes <= 500)) process.exitCode = 1;
console.log(
  `a fit's update at the notebook's size: ${step.toFixed(1)} ` +
    `ms of CPU; a training step of S + D: ${sd.toFixed(1)} ms; ratio ` +
    `${(step / sd).toFixed(2)} (at most 2); the process took ` +
    `${megabytes.toFixed(0)} MB at most (500)`,
);
