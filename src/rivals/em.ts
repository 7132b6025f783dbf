import { random } from "../base";
import { solveRows, solveSymmetric, symmetricPart } from "../linalg";
import { identity, matmul, transpose, zeros, type Matrix, type Tensor3 } from "../tensor";
import { kalmanSmoother, plus, type LinearSystem, type Smoothed } from "./kalman";

/** The system after a pass, its prediction of all entries, and the log likelihood of the system before. */
export interface EmPass {
  readonly model: Float64Array;
  readonly logLikelihood: number;
}

/** Variances do not fall below this share of the neuron's own. */
const floor = 1e-4;

/**
 * A linear dynamical system of so many states, shared by all trials, by expectation maximization over the observed
 * entries, pass after pass without end. Ghahramani & Hinton (1996), with masks.
 *
 * @param y - (trials × time × neurons), of mean 0 and a largest entry near 1
 */
export function* emPasses(y: Tensor3, mask: Float64Array, size: number, seed: number): Generator<EmPass, never> {
  const [trials, time, neurons] = y.shape,
    spread = variances(y, mask),
    { normal } = random(seed, "linear dynamics");
  let system: LinearSystem = {
    a: scaled(identity(size) as Matrix, 0.9),
    q: scaled(identity(size) as Matrix, 0.19),
    c: {
      shape: [neurons, size],
      data: Float64Array.from(
        { length: neurons * size },
        (_, i) => normal() * Math.sqrt(spread[Math.floor(i / size)] / size),
      ),
    },
    r: spread.slice(),
    mean: zeros([size, 1]),
    start: identity(size) as Matrix,
  };
  for (;;) {
    const states = Array.from({ length: trials }, (_, k) =>
      kalmanSmoother(system, y.data, mask, k * time * neurons, time),
    );
    const model = new Float64Array(y.data.length),
      { c } = system;
    for (const [k, { means }] of states.entries())
      for (const [t, x] of means.entries())
        for (let n = 0; n < neurons; n++)
          for (let s = 0; s < size; s++) model[(k * time + t) * neurons + n] += c.data[n * size + s] * x.data[s];
    yield { model, logLikelihood: states.reduce((sum, one) => sum + one.logLikelihood, 0) };
    system = maximized(states, y, mask, spread);
  }
}

/** The system of largest expected log likelihood, given expected states and observed entries. */
function maximized(states: readonly Smoothed[], y: Tensor3, mask: Float64Array, spread: Float64Array): LinearSystem {
  const [trials, time, neurons] = y.shape,
    size = states[0].means[0].shape[0],
    square = () => zeros([size, size]) as Matrix,
    second = ({ means, covariances }: Smoothed, t: number) =>
      plus(covariances[t], matmul(means[t], transpose(means[t])));
  let [before, after, cross, first] = [square(), square(), square(), square()],
    mean: Matrix = zeros([size, 1]);
  const moments = states.map((one) => one.means.map((_, t) => second(one, t)));
  states.forEach((one, k) => {
    mean = plus(mean, scaled(one.means[0], 1 / trials));
    first = plus(first, scaled(moments[k][0], 1 / trials));
    for (let t = 1; t < time; t++) {
      before = plus(before, moments[k][t - 1]);
      after = plus(after, moments[k][t]);
      cross = plus(cross, plus(one.lagged[t], matmul(one.means[t], transpose(one.means[t - 1]))));
    }
  });
  const steps = trials * (time - 1),
    a = steps > 0 ? solveRows(before, cross).x : square(),
    q =
      steps > 0
        ? scaled(symmetricPart(plus(after, matmul(a, transpose(cross)), -1)), 1 / steps)
        : (identity(size) as Matrix),
    c: Matrix = zeros([neurons, size]),
    r = new Float64Array(neurons);
  for (let n = 0; n < neurons; n++) {
    let moment = square(),
      product: Matrix = zeros([size, 1]),
      energy = 0,
      count = 0;
    for (let k = 0; k < trials; k++)
      for (let t = 0; t < time; t++) {
        const i = (k * time + t) * neurons + n;
        if (mask[i] === 0) continue;
        moment = plus(moment, moments[k][t]);
        product = plus(product, scaled(states[k].means[t], y.data[i]));
        energy += y.data[i] * y.data[i];
        count++;
      }
    const row = solveSymmetric(moment, product).x;
    c.data.set(row.data, n * size);
    const left = energy - row.data.reduce((sum, value, s) => sum + value * product.data[s], 0);
    r[n] = Math.max(left / count, floor * spread[n]);
  }
  const jitter = scaled(identity(size) as Matrix, 1e-9);
  return {
    a,
    q: plus(q, jitter),
    c,
    r,
    mean,
    start: plus(symmetricPart(plus(first, matmul(mean, transpose(mean)), -1)), jitter),
  };
}

const scaled = ({ shape, data }: Matrix, by: number): Matrix => ({ shape, data: data.map((value) => value * by) });

/** Mean squares of each neuron, at least a little. */
function variances({ shape, data }: Tensor3, mask: Float64Array): Float64Array {
  const sums = new Float64Array(shape[2]),
    counts = new Float64Array(shape[2]);
  data.forEach((value, i) => {
    if (mask[i] === 0) return;
    sums[i % shape[2]] += value * value;
    counts[i % shape[2]]++;
  });
  return sums.map((sum, n) => Math.max(sum / counts[n], 1e-12));
}
