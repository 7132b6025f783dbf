import { LowTensorRankRNN, random, simulate, tensor, zeros, type Label, type Tensor } from "ltrnn";

/** What a file holds that a recording can be made of. */
export interface Source {
  readonly name: string;
  /** arrays of three modes, in the order of the file */
  readonly arrays: Readonly<Record<string, Tensor>>;
  /** lists that may label trials */
  readonly labels: Readonly<Record<string, readonly Label[]>>;
  /** spike times of every unit, in seconds, with one row of `labels` per trial */
  readonly spikes?: readonly Float64Array[];
}

const trials = 60,
  bins = 16,
  neurons = 20,
  directions = ["left", "up", "right"];

/**
 * The built-in recording: a network of tensor rank 2 with 10 % noise, drawn from a seed. Its first component drifts,
 * its second jumps where learning begins, at trial 30, and decays.
 */
export function builtInSource(seed = 5): Source {
  const stream = random(seed, "built-in recording"),
    model = LowTensorRankRNN.random({ units: neurons, inputs: 2, rank: 2, trials, tau: 3 }, seed),
    conditions = Array.from({ length: trials }, (_, k) => directions[k % 3]),
    drives = Array.from({ length: 3 }, () => [stream.normal(), stream.normal()]),
    inputs = zeros([trials, bins, 2]);
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < bins; t++)
      for (let i = 0; i < 2; i++) inputs.data[(k * bins + t) * 2 + i] = t < 6 ? 1.5 * drives[k % 3][i] : 0;
  const c = zeros([trials, 2]);
  for (let k = 0; k < trials; k++) {
    c.data[2 * k] = 1 + k / trials;
    c.data[2 * k + 1] = k < 30 ? 0.5 : 2 - (k - 30) / 30;
  }
  const { rates } = simulate(model.with({ params: { c } }), inputs, { dt: 1 }),
    deviation = Math.sqrt(rates.data.reduce((sum, x) => sum + x * x, 0) / rates.data.length),
    activity = tensor(
      rates.shape,
      rates.data.map((x) => x + 0.1 * deviation * stream.normal()),
    );
  return {
    name: "built-in recording",
    arrays: { activity },
    labels: { direction: conditions, phase: conditions.map((_, k) => (k < 30 ? "before" : "learning")) },
  };
}
