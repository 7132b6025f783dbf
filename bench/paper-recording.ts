/** A recording that bench/peers/paper_fit.py wrote, the fit that its model asks for, and errors over CPU seconds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fitLowTensorRank, readNpy, tensor, type FitTraining, type GradientTransform, type Tensor3 } from "ltrnn";

/** Errors as shares of the variance of the held-out entries, at the CPU seconds when they were reached. */
export type Curve = readonly (readonly [seconds: number, error: number])[];

export const lowestOf = (curve: Curve) => curve.reduce((low, point) => (point[1] < low[1] ? point : low));

const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const read = (folder: string, name: string): Tensor3 => {
  const { shape, data } = readNpy(readFileSync(join(folder, `${name}.npy`))) as unknown as Tensor3;
  return tensor(shape, data) as Tensor3;
};

/** The mean squared error over held-out entries, as a share of their variance. */
function errorOf(prediction: Tensor3, activity: Tensor3, held: Tensor3): number {
  const places = Array.from(held.data.keys()).filter((i) => held.data[i] === 1),
    mean = places.reduce((sum, i) => sum + activity.data[i], 0) / places.length,
    sum = (of: (i: number) => number) => places.reduce((total, i) => total + of(i) ** 2, 0);
  return sum((i) => prediction.data[i] - activity.data[i]) / sum((i) => activity.data[i] - mean);
}

/** An optimizer with a note of the CPU seconds at which each of its updates began. */
function clocked(inner: GradientTransform): GradientTransform & { readonly began: readonly number[] } {
  const began: number[] = [];
  const optimizer: GradientTransform = {
    name: `${inner.name} with a clock`,
    span: inner.span,
    searches: inner.searches ?? false,
    searchesAfter: inner.searchesAfter ?? 0,
    init: (params) => inner.init(params),
    update(gradients, memory, params, context) {
      began.push(seconds());
      return inner.update(gradients, memory, params, context);
    },
  };
  return Object.defineProperty(optimizer, "began", { value: began, enumerable: false }) as never;
}

/** Ours: one start, all trials at every update, and as theirs without a prior in the loss. */
export async function curveOf(
  folder: string,
  inner: GradientTransform,
  seed: number,
  training: Pick<FitTraining, "steps">,
): Promise<Curve> {
  const activity = read(folder, "activity"),
    validation = read(folder, "test"),
    [, bins] = activity.shape,
    tau = (bins - 2) / 2, // their duration of 2 time constants has bins - 2 steps
    optimizer = clocked(inner),
    from = seconds();
  const fit = await fitLowTensorRank(activity, 3, {
    mask: read(folder, "train"),
    validation,
    conditions: Array.from((readNpy(readFileSync(join(folder, "conditions.npy"))) as unknown as Tensor3).data),
    seed,
    decoder: "orthogonal",
    inputs: { count: 3, controller: { units: 50, layers: [50, 50], tau: 2 * tau } },
    network: { units: 60, tau, span: "columns", trialKernel: { length: 15, sigma: 0.1, noise: 0.1 } },
    training: { ...training, starts: 1, optimizer, precision: "float32", penalties: { noiseShare: 0 }, tolerance: 0 },
  });
  const all = seconds(),
    losses = fit.starts[0].trace.validationLosses.map((loss) => loss ?? Number.POSITIVE_INFINITY),
    error = errorOf(fit.prediction, activity, validation); // that of the best step, which gives losses their unit
  return losses.map((loss, i) => [(optimizer.began[i] ?? all) - from, (loss / Math.min(...losses)) * error]);
}
