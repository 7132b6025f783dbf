/**
 * The race of ways to fit, all on the same posed problem: the table of docs/decisions/9. `npm run bench -- fit-race`;
 * monkey N too, where LTRNN_DATA names its folder. Seconds are of CPU, evaluations are gradients and what costs as
 * much.
 */
import { readFileSync } from "node:fs";
import { holdOut, observedMask, readNpz, type NpyArray } from "../src";
import { curvatureOf } from "../src/fit/curvature";
import { compose } from "../src/fit/compose";
import { fitObjective } from "../src/fit/fit-objective";
import { readFitOptions, type FitOptions } from "../src/fit/fit-options";
import type { FitProblem } from "../src/fit/fit-problem";
import { poseFit } from "../src/fit/pose-fit";
import { solveSymmetric } from "../src/linalg";
import { meanSquaredError } from "../src/losses";
import { lbfgs, scaleByCurvature } from "../src/optim";
import { simulate } from "../src/run";
import { gram, mapParams, matmul, slice, transpose, zeros, type Params, type Tensor3 } from "../src/tensor";
import { train, type Objective } from "../src/train";
import { plantNetwork } from "./planted-recovery";
import { regressedStart } from "./regressed-start";

const seconds = () => process.cpuUsage().user / 1e6;

/** A problem whose evaluations are counted, and how low the validation loss was after how many seconds. */
function clocked(problem: FitProblem) {
  const inner = fitObjective("race", problem),
    began = seconds(),
    curve: [seconds: number, evaluations: number, validation: number][] = [];
  let evaluations = 0,
    lowest = Number.POSITIVE_INFINITY;
  const objective = Object.assign(
    (params: Params) => {
      evaluations++;
      const there = inner(params, 0);
      if (there.validationLoss < lowest) {
        lowest = there.validationLoss;
        curve.push([seconds() - began, evaluations, lowest]);
      }
      return there;
    },
    {
      steady: true,
      curvature: (params: Params, step: number) => {
        evaluations += 10;
        return curvatureOf(problem, (posed) => fitObjective("race", posed), params, step);
      },
    },
  );
  const count = (more: number) => {
    evaluations += more;
  };
  return { problem, objective, curve, count, done: () => [seconds() - began, evaluations] as const };
}
type Clocked = ReturnType<typeof clocked>;

/** A way that has not converged by then is left. */
const mostEvaluations = 2000;

/** What a fit ends by: 20 updates that lower the loss by less than 2e-6 of it each. */
const paid = (before: number, after: number) => before - after >= 2e-6 * 20 * Math.abs(after);

/** So many updates of L-BFGS on scaled parameters, of all or of some; to its end where no number is told. */
async function search(
  { objective }: Clocked,
  start: Params,
  names = Object.keys(start),
  updates = 1000,
): Promise<Params> {
  const own = Object.fromEntries(names.map((name) => [name, start[name]])),
    part = (of: Params) => Object.fromEntries(names.map((name) => [name, of[name]])),
    some: Objective<Params> = Object.assign(
      (params: Params) => {
        const { loss, gradients } = objective({ ...start, ...params });
        return { loss, gradients: part(gradients) };
      },
      {
        steady: true,
        curvature: async (params: Params, step: number) =>
          part(await objective.curvature({ ...start, ...params }, step)),
      },
    );
  let before = Number.POSITIVE_INFINITY,
    now = own;
  const run = train(some, own, { optimizer: scaleByCurvature(lbfgs({ memory: 20 })), steps: updates, every: 20 });
  for await (const { loss, params } of run) {
    now = params;
    if (!paid(before, loss)) break;
    before = loss;
  }
  return { ...start, ...now };
}

/**
 * One step of Gauss and Newton in some of the parameters, by conjugate gradients: products with J by differences, with
 * J' by the adjoint; the curvature's diagonal preconditions. Halved until the loss falls.
 */
async function gaussNewton(clock: Clocked, params: Params, names: readonly string[], rounds = 15): Promise<Params> {
  const { problem, objective, count } = clock,
    { priorWeight, initialStates, dt } = problem,
    outputsAt = (at: Params) => {
      const { model, inputs } = compose(problem, at);
      count(0.4); // a run forward
      return simulate(model, inputs, { dt, conditions: initialStates.rows }).outputs;
    },
    { loss, gradients } = objective(params),
    curvature = await objective.curvature(params, 1),
    base = outputsAt(params),
    part = (of: Params) => Object.fromEntries(names.map((name) => [name, of[name]])) as Params,
    scale = mapParams(part(curvature), (data) => {
      const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
      return data.map((x) => 1 / Math.sqrt(x + 0.1 * mean + priorWeight || 1));
    }),
    times = (x: Params, y: Params) => mapParams(x, (data, name) => data.map((v, i) => v * (y[name]?.data[i] ?? 0))),
    plus = (x: Params, by: number, y: Params) =>
      mapParams(x, (data, name) => data.map((v, i) => v + by * (y[name]?.data[i] ?? 0))),
    dot = (x: Params, y: Params) =>
      Object.entries(x).reduce(
        (sum, [name, p]) => sum + (p?.data.reduce((s, v, i) => s + v * (y[name]?.data[i] ?? 0), 0) ?? 0),
        0,
      );
  const product = (v: Params): Params => {
    const h = 1e-5 / Math.max(1e-12, Math.sqrt(dot(v, v))),
      ahead = outputsAt({ ...params, ...plus(part(params), h, v) }),
      targets: Tensor3 = { shape: base.shape, data: base.data.map((y, i) => y - (ahead.data[i] - y) / h) };
    const posed = {
      ...problem,
      loss: meanSquaredError,
      activity: targets,
      validation: undefined,
      priorWeight: 0,
      penaltyWeight: 0,
    };
    count(1);
    const jjv = part(fitObjective("race", posed)(params, 0).gradients);
    return v.z ? { ...jjv, z: plus({ z: jjv.z }, priorWeight, v).z } : jjv;
  };
  let [x, r] = [
      mapParams(scale, (data) => new Float64Array(data.length)),
      times(
        mapParams(part(gradients), (d) => d.map((g) => -g)),
        scale,
      ),
    ],
    p = r,
    rr = dot(r, r);
  const first = rr;
  for (let round = 0; round < rounds && rr > 1e-4 * first; round++) {
    const q = times(product(times(p, scale)), scale),
      step = rr / dot(p, q);
    if (!(step > 0)) break;
    x = plus(x, step, p);
    r = plus(r, -step, q);
    const now = dot(r, r);
    p = plus(r, now / rr, p);
    rr = now;
  }
  const move = times(x, scale);
  for (let size = 1; size > 1e-3; size /= 2) {
    const there = { ...params, ...plus(part(params), size, move) };
    if (objective(there).loss < loss) return there;
  }
  return params;
}

/** The decoder by least squares, neuron by neuron over what is observed of it; where there is a matrix. */
function decoded({ problem, objective, count }: Clocked, params: Params): Params {
  const { readout, readoutBias } = params;
  if (!readout) return params;
  const { model, inputs } = compose(problem, params),
    { rates } = simulate(model, inputs, { dt: problem.dt, conditions: problem.initialStates.rows }),
    [neurons, units] = readout.shape as readonly [number, number],
    rows = rates.data.length / units,
    size = units + 1;
  count(0.4);
  const matrix = readout.data.slice(),
    bias = readoutBias?.data.slice();
  for (let n = 0; n < neurons; n++) {
    const seen = Array.from({ length: rows }, (_, row) => row).filter(
        (row) => problem.train.data[row * neurons + n] !== 0,
      ),
      h = zeros([seen.length, size]),
      y = zeros([seen.length, 1]);
    seen.forEach((row, i) => {
      h.data.set(rates.data.subarray(row * units, (row + 1) * units), i * size);
      h.data[i * size + units] = 1;
      y.data[i] = problem.activity.data[row * neurons + n];
    });
    const normal = gram(h);
    for (let i = 0; i < size; i++) normal.data[i * (size + 1)] += 1e-6 * seen.length;
    const solved = solveSymmetric(normal, matmul(transpose(h), y)).x.data;
    matrix.set(solved.subarray(0, units), n * units);
    if (bias) bias[n] = solved[units];
  }
  const there = {
    ...params,
    readout: { shape: readout.shape, data: matrix },
    ...(bias && readoutBias ? { readoutBias: { shape: readoutBias.shape, data: bias } } : {}),
  };
  return objective(there).loss < objective(params).loss ? there : params;
}

/** What enters the drive linearly in closed form, the decoder in closed form, then 20 updates of the rest; in turns. */
async function alternating(clock: Clocked, start: Params): Promise<Params> {
  const linear = ["z", "m", "u", "bias"].filter((name) => start[name]),
    rest = Object.keys(start).filter((name) => !linear.includes(name) && !name.startsWith("readout"));
  let params = start;
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    params = decoded(clock, await gaussNewton(clock, params, linear));
    params = await search(clock, params, rest, 20);
    const { loss } = clock.objective(params);
    if (!paid(before, loss) || clock.done()[1] > mostEvaluations) return params;
    before = loss;
  }
}

/** Gauss and Newton in all parameters together, by conjugate gradients, until steps no longer pay. */
async function allTogether(clock: Clocked, start: Params): Promise<Params> {
  let params = start;
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    params = await gaussNewton(clock, params, Object.keys(start), 30);
    const { loss } = clock.objective(params);
    if (!paid(before, loss) || clock.done()[1] > mostEvaluations) return params;
    before = loss;
  }
}

const ways: Readonly<Record<string, (clock: Clocked, start: Params) => Promise<Params>>> = {
  "L-BFGS on all, scaled by curvature": search,
  "a regression, then the same": (clock, start) => search(clock, decoded(clock, regressedStart(clock.problem, start))),
  "in turns: linear parts by Gauss and Newton, decoder by least squares, 20 updates of the rest": alternating,
  "Gauss and Newton in all": allTogether,
};

interface Recording {
  readonly name: string;
  readonly activity: Tensor3;
  readonly rank: number;
  readonly options: FitOptions;
}

function planted(seed: number, known: boolean): Recording {
  const { activity, inputs, conditions, epochs } = plantNetwork(seed, 0.1),
    options: FitOptions = {
      conditions,
      epochs,
      decoder: "identity",
      network: { tau: 4 },
      ...(known ? { inputs } : {}),
    };
  return { name: known ? "planted, inputs known" : "planted", activity, rank: 3, options };
}

function monkey(folder: string): Recording {
  const { latents, target_deg, block } = readNpz<Record<string, NpyArray>>(
      readFileSync(`${folder}/bci_learning_monkeyN_20160728.npz`),
    ),
    trials = [0, 200] as const;
  return {
    name: "monkey N, 200 trials",
    activity: slice(latents, [trials, [6, 20]]) as Tensor3,
    rank: 3,
    options: { conditions: target_deg.data.slice(...trials), epochs: block.data.slice(...trials) },
  };
}

console.log(
  "| recording | seed | way | seconds | evaluations | to its end | evaluations | validation loss there |\n" +
    "|---|---|---|---|---|---|---|---|",
);
const folder = process.env.LTRNN_DATA;
for (const recordingOf of [
  (seed: number) => planted(seed, false),
  (seed: number) => planted(seed, true),
  ...(folder ? [() => monkey(folder)] : []),
])
  for (const seed of [1, 2, 3]) {
    const { name, activity, rank, options } = recordingOf(seed),
      { train: mask, validation } = holdOut(observedMask(activity), {
        half: [2, 2, 3],
        test: 0.02,
        validation: 0.1,
        seed,
      }),
      given = readFitOptions("fit-race", { ...options, mask, validation }),
      rows: { readonly way: string; readonly clock: Clocked; readonly end: readonly [number, number] }[] = [];
    for (const [way, run] of Object.entries(ways)) {
      const clock = clocked(poseFit("fit-race", activity, rank, given));
      await run(clock, clock.problem.start(seed));
      rows.push({ way, clock, end: clock.done() });
    }
    const best = Math.min(...rows.map(({ clock: { curve } }) => curve[curve.length - 1][2]));
    for (const {
      way,
      clock: { curve },
      end,
    } of rows) {
      const there = curve.find(([, , validation]) => validation <= 1.001 * best),
        ended = [end[0].toFixed(1), end[1].toFixed(0), (curve[curve.length - 1][2] / best).toFixed(4)],
        cells = there ? [there[0].toFixed(1), there[1].toFixed(0)] : ["never", ""];
      console.log(`| ${[name, seed, way, ...cells, ...ended].join(" | ")} |`);
    }
  }
