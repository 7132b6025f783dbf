/**
 * Held-out error against CPU seconds, ours and the paper's code on the same recordings, masks and model: a network with
 * learned inputs by a controller, inside the span of the column factors, and an orthogonal decoder. Theirs is run by
 * bench/peers/paper_fit.py, which writes a folder for each recording: `npm run bench -- paper` reads the folders that
 * LTRNN_PAPER names, separated by commas.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  fitLowTensorRankSteps,
  last,
  lineFigure,
  readNpy,
  tensor,
  type LowTensorRankFit,
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

/** Ours: every update of a start takes the same share of the CPU time. */
async function ours(folder: string): Promise<Curve> {
  const activity = read(folder, "activity"),
    mask = read(folder, "train"),
    validation = read(folder, "test"),
    conditions = Array.from((readNpy(readFileSync(join(folder, "conditions.npy"))) as unknown as Tensor3).data),
    [, bins] = activity.shape,
    tau = (bins - 2) / 2; // their duration of 2 time constants has bins - 2 steps
  const from = seconds();
  const fit: LowTensorRankFit = await last(
    fitLowTensorRankSteps(activity, rank, {
      mask,
      validation,
      conditions,
      decoder: "orthogonal",
      inputs: { count: rank, controller: { units: 50, layers: [50, 50], tau: 2 * tau } },
      network: { units: 60, tau, span: "columns", trialKernel: { length: 15, sigma: 0.1, noise: 0.1 } },
      training: {
        starts: 1,
        steps: 300,
        precision: "float32",
        draws: { trialShare: 0.8 }, // they draw as many, and have no prior in the loss
        penalties: { noiseShare: 0 },
      },
    }),
  );
  const all = seconds() - from,
    [{ trace }] = fit.starts,
    updates = trace.validationLosses.length,
    best = Math.min(...trace.validationLosses.map((loss) => loss ?? Number.POSITIVE_INFINITY));
  console.log(`${basename(folder)}: ${fit.status} after ${updates} updates, ${all.toFixed(1)} s`);
  const error = errorOf(fit.prediction, activity, validation); // that of the best step, which gives losses their unit
  return trace.validationLosses.flatMap(
    (loss, i): Curve => (loss === null ? [] : [[(all * (i + 1)) / updates, (loss / best) * error]]),
  );
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

const lines: Line[] = [];
for (const folder of (process.env.LTRNN_PAPER ?? "").split(",").filter(Boolean)) {
  const theirs: Curve = JSON.parse(readFileSync(join(folder, "paper.json"), "utf8")).curve,
    mine = await ours(folder),
    name = basename(folder),
    [end, least] = [theirs[theirs.length - 1][0], Math.min(...theirs.map(([, error]) => error))],
    reached = theirs.find(([, error]) => error <= least)?.[0] ?? end,
    passed = mine.find(([, error]) => error <= least)?.[0],
    own = Math.min(...mine.map(([, error]) => error));
  console.log(
    `${name}: theirs ${least.toFixed(3)} after ` +
      `${reached.toFixed(1)} s (${theirs.length} iterations, ${end.toFixed(1)} s in all); ours ` +
      `${own.toFixed(3)}; ours at theirs after ` +
      `${passed === undefined ? "never" : `${passed.toFixed(2)} s, ${((100 * passed) / reached).toFixed(1)} %`}`,
  );
  lines.push(linesOf(`${name}, the paper's code`, theirs, true), linesOf(`${name}, ltrnn`, mine));
}
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
