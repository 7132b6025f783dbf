import { failingAs } from "../base";
import { withoutPreparation, type LowTensorRankFit } from "../fit";
import { symmetricEigen } from "../linalg";
import { simulate } from "../run";
import { zeros, type Matrix, type Tensor3 } from "../tensor";

/** Of each trial, orthonormal directions in which its own trial factors move its scores, strongest first. */
export interface FactorDirections {
  /** (trials × rank × entries of a trial); zeros where there are fewer than rank */
  readonly directions: Float64Array;
  readonly rank: number;
  /** standard deviations of the noise that the fit took out along each (trials × rank) */
  readonly taken: Float64Array;
}

/**
 * A trial has factors of its own, and they took from its residuals what noise lay along the directions they move it in:
 * those of all trials of a condition lack nearly the same. How much is seen by how much smaller they are there than
 * elsewhere; so much is drawn anew with every sample.
 *
 * @param predict - outputs to predictions
 * @param deviations - of the noise, up to a common factor, as the prediction
 */
export function factorDirections(
  where: string,
  fit: LowTensorRankFit,
  predict: (outputs: Tensor3) => Tensor3,
  scores: Float64Array,
  observed: Float64Array,
  deviations: Float64Array,
): FactorDirections {
  const { rank } = fit,
    [trials, time, neurons] = fit.prediction.shape,
    size = time * neurons,
    tangents = Array.from({ length: rank }, (_, r) => tangentOf(where, fit, predict, r)),
    directions = new Float64Array(trials * rank * size);
  for (const tangent of tangents)
    for (let i = 0; i < tangent.length; i++) tangent[i] = observed[i] === 0 ? 0 : tangent[i] / deviations[i];
  for (let k = 0; k < trials; k++) {
    const inTrial = tangents.map((tangent) => tangent.subarray(k * size, (k + 1) * size)),
      products = zeros([rank, rank]);
    for (let r = 0; r < rank; r++)
      for (let s = 0; s < rank; s++) products.data[r * rank + s] = inner(inTrial[r], inTrial[s]);
    const { values, vectors } = symmetricEigen(products);
    for (let d = 0; d < rank && values[d] > 1e-12 * values[0]; d++)
      for (let r = 0; r < rank; r++) {
        const by = vectors.data[r * rank + d] / Math.sqrt(values[d]);
        for (let i = 0; i < size; i++) directions[(k * rank + d) * size + i] += by * inTrial[r][i];
      }
  }
  return { directions, rank, taken: takenOf(directions, rank, scores, observed, [trials, size, neurons]) };
}

/** How predictions change with component r of the factors, by central differences. */
function tangentOf(
  where: string,
  { model, inputs, dt, conditions, preparation }: LowTensorRankFit,
  predict: (outputs: Tensor3) => Tensor3,
  r: number,
): Float64Array {
  const { c } = model.params,
    columns = c.shape[1];
  let squares = 0;
  for (let i = r; i < c.data.length; i += columns) squares += c.data[i] * c.data[i];
  const step = 1e-4 * (Math.sqrt(squares / c.shape[0]) || 1);
  const at = (by: number) => {
    const moved: Matrix = { shape: c.shape, data: c.data.map((x, i) => (i % columns === r ? x + by : x)) },
      { outputs } = failingAs(where, () => simulate(model.with({ params: { c: moved } }), inputs, { dt, conditions }));
    return predict(withoutPreparation(outputs, preparation)).data;
  };
  const [up, down] = [at(step), at(-step)];
  return up.map((x, i) => (x - down[i]) / (2 * step));
}

function inner(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i] * q[i];
  return sum;
}

/** Along each direction: the variance that neurons have, less what the scores of all trials have left of it. */
function takenOf(
  directions: Float64Array,
  rank: number,
  scores: Float64Array,
  observed: Float64Array,
  [trials, size, neurons]: readonly [number, number, number],
): Float64Array {
  const variances = variancesOf(scores, observed, neurons),
    expected = new Float64Array(trials * rank),
    left = new Float64Array(rank),
    whole = new Float64Array(rank);
  for (let k = 0; k < trials; k++)
    for (let d = 0; d < rank; d++) {
      let [along, variance] = [0, 0];
      for (let i = 0; i < size; i++) {
        const q = directions[(k * rank + d) * size + i];
        along += q * scores[k * size + i];
        variance += q * q * variances[i % neurons];
      }
      expected[k * rank + d] = variance;
      left[d] += along * along;
      whole[d] += variance;
    }
  return expected.map((variance, at) =>
    whole[at % rank] > 0 ? Math.sqrt(Math.max(0, 1 - left[at % rank] / whole[at % rank]) * variance) : 0,
  );
}

/** Mean squares of each neuron's scores. */
function variancesOf(scores: Float64Array, observed: Float64Array, neurons: number): Float64Array {
  const squares = new Float64Array(neurons),
    counts = new Float64Array(neurons);
  for (let i = 0; i < scores.length; i++) {
    squares[i % neurons] += scores[i] * scores[i];
    counts[i % neurons] += observed[i];
  }
  return squares.map((sum, n) => (counts[n] > 0 ? sum / counts[n] : 0));
}
