/**
 * Held-out error against CPU seconds, ours and the paper's code on the same recordings, masks and model: a network with
 * learned inputs by a controller, inside the span of the column factors, and an orthogonal decoder. Theirs is run by
 * bench/peers/paper_fit.py, which writes a folder for each recording: `npm run bench -- paper` reads the folders that
 * LTRNN_PAPER names, separated by commas, and fails where ours needs more than 1 % of their time to their lowest error.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  fitLowTensorRank,
  lbfgs,
  lineFigure,
  readNpy,
  scaleByCurvature,
  tensor,
  type GradientTransform,
  type Line,
  type Tensor3,
} from "ltrnn";
import { toSvg } from "ltrnn/vega";

const rank = 3;
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const read = (folder: string, name: string): Tensor3 => {
  const { shape, data } = readNpy(readFileSync(join(folder, `${name}.npy`))) as unknown as Tensor3;
  return tensor(shape, data) as Tensor3;
};

/** Errors as shares of the variance of the held-out entries, at the CPU seconds when they were reached. */
type Curve = readonly (readonly [seconds: number, error: number])[];

/** The mean squared error over held-out entries, as a share of their variance. */
function errorOf(prediction: Tensor3, activity: Tensor3, held: Tensor3): number {
  const places = Array.from(held.data.keys()).filter((i) => held.data[i] === 1),
    mean = places.reduce((sum, i) => sum + activity.data[i], 0) / places.length,
    sum = (of: (i: number) => number) => places.reduce((total, i) => total + of(i) ** 2, 0);
  return sum((i) => prediction.data[i] - activity.data[i]) / sum((i) => activity.data[i] - mean);
}

/** What a fit with controllers takes by default, with a note of the CPU seconds at which each update began. */
function clocked(): { readonly optimizer: GradientTransform; readonly began: readonly number[] } {
  const inner = scaleByCurvature(lbfgs({ memory: 20 })),
    began: number[] = [];
  const optimizer: GradientTransform = {
    name: `${inner.name} with a clock`,
    span: inner.span,
    searches: true,
    init: (params) => inner.init(params),
    update(gradients, memory, params, context) {
      began.push(seconds());
      return inner.update(gradients, memory as never, params, context);
    },
  };
  return { optimizer, began };
}

/** Ours: one start, its fit with free inputs included, all trials at every update; as they, without a prior. */
async function ours(folder: string): Promise<Curve> {
  const activity = read(folder, "activity"),
    mask = read(folder, "train"),
    validation = read(folder, "test"),
    conditions = Array.from((readNpy(readFileSync(join(folder, "conditions.npy"))) as unknown as Tensor3).data),
    [, bins] = activity.shape,
    tau = (bins - 2) / 2, // their duration of 2 time constants has bins - 2 steps
    { optimizer, began } = clocked(),
    from = seconds();
  const fit = await fitLowTensorRank(activity, rank, {
    mask,
    validation,
    conditions,
    decoder: "orthogonal",
    inputs: { count: rank, controller: { units: 50, layers: [50, 50], tau: 2 * tau } },
    network: { units: 60, tau, span: "columns", trialKernel: { length: 15, sigma: 0.1, noise: 0.1 } },
    training: { starts: 1, steps: 200, optimizer, precision: "float32", penalties: { noiseShare: 0 } },
  });
  const all = seconds() - from,
    losses = fit.starts[0].trace.validationLosses.map((loss) => loss ?? Number.POSITIVE_INFINITY),
    error = errorOf(fit.prediction, activity, validation); // that of the best step, which gives losses their unit
  console.log(`${basename(folder)}: ${fit.status} after ${losses.length - 1} updates, ${all.toFixed(1)} s in all`);
  return losses.map((loss, i) => [(began[i] ?? from + all) - from, (loss / Math.min(...losses)) * error]);
}

/** The lowest error up to every point. */
const lowest = (curve: Curve): Curve => {
  let least = Number.POSITIVE_INFINITY;
  return curve.map(([at, error]) => {
    least = Math.min(least, error);
    return [at, least];
  });
};
const linesOf = (label: string, curve: Curve, dashed = false): Line => ({
  label,
  x: lowest(curve).map(([at]) => Math.log10(at)),
  y: lowest(curve).map(([, error]) => error),
  dashed,
});

const atMost = 0.01;
const lines: Line[] = [];
const table = [
  "| recording | their lowest error | after | iterations | ours there after | updates | share | our lowest | after |",
  "|---|---|---|---|---|---|---|---|---|",
];
for (const folder of (process.env.LTRNN_PAPER ?? "").split(",").filter(Boolean)) {
  const theirs: Curve = JSON.parse(readFileSync(join(folder, "paper.json"), "utf8")).curve,
    mine = await ours(folder),
    name = basename(folder),
    lowestOf = (curve: Curve) => curve.reduce((low, point) => (point[1] < low[1] ? point : low)),
    [their, own] = [lowestOf(theirs), lowestOf(mine)],
    passed = mine.findIndex(([, error]) => error <= their[1]),
    after = mine[passed]?.[0] ?? Number.POSITIVE_INFINITY,
    share = after / their[0];
  if (!(share <= atMost)) process.exitCode = 1;
  const theirCells = [
      their[1].toFixed(4),
      `${their[0].toFixed(0)} s`,
      `${theirs.indexOf(their) + 1} of ${theirs.length}`,
    ],
    ourCells = [`${after.toFixed(2)} s`, passed, `${(100 * share).toFixed(2)} %`];
  table.push(`| ${[name, ...theirCells, ...ourCells, own[1].toFixed(4), `${own[0].toFixed(1)} s`].join(" | ")} |`);
  lines.push(linesOf(`${name}, the paper's code`, theirs, true), linesOf(`${name}, ltrnn`, mine));
}
console.log(table.join("\n"));
mkdirSync("bench-report", { recursive: true });
writeFileSync(
  "bench-report/paper.svg",
  await toSvg(
    lineFigure(lines, {
      title: "Held-out error, as a share of variance",
      xLabel: "log10 of CPU seconds",
      yLabel: "error",
    }),
  ),
);
