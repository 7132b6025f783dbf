import { failingAs } from "../base";
import { withoutPreparation, type LowTensorRankFit } from "../fit";
import { symmetricEigen } from "../linalg";
import { simulate } from "../run";
import { zeros, type Tensor3 } from "../tensor";
import { ownChanges, type OwnChange } from "./own-changes";

/** Of each trial, orthonormal directions in which what it has of its own moves its scores, strongest first. */
export interface OwnDirections {
  /** (trials × count × entries of a trial); zeros where there are fewer than count */
  readonly directions: Float64Array;
  readonly count: number;
  /** standard deviations of the noise that the fit took out along each (trials × count) */
  readonly taken: Float64Array;
}

/**
 * A trial has its own trial factors, and may have its own initial state and sizes of inputs. These fitted the noise
 * along the directions in which they move the trial, so its residuals lack this noise, by nearly the same amount in all
 * trials of a condition. How much is estimated from how much smaller residuals are there than elsewhere, and this noise
 * is drawn again with every sample.
 *
 * @param predict - outputs to predictions
 * @param deviations - of the noise, up to a common factor, as the prediction
 */
export function ownDirections(
  where: string,
  fit: LowTensorRankFit,
  predict: (outputs: Tensor3) => Tensor3,
  scores: Float64Array,
  observed: Float64Array,
  deviations: Float64Array,
): OwnDirections {
  const [trials, time, neurons] = fit.prediction.shape,
    size = time * neurons,
    tangents = ownChanges(fit).map((change) => tangentOf(where, fit, predict, change)),
    count = tangents.length,
    directions = new Float64Array(trials * count * size);
  for (const tangent of tangents)
    for (let i = 0; i < tangent.length; i++) tangent[i] = observed[i] === 0 ? 0 : tangent[i] / deviations[i];
  for (let k = 0; k < trials; k++) {
    const inTrial = tangents.map((tangent) => tangent.subarray(k * size, (k + 1) * size)),
      products = zeros([count, count]);
    for (let r = 0; r < count; r++)
      for (let s = 0; s < count; s++) products.data[r * count + s] = inner(inTrial[r], inTrial[s]);
    const { values, vectors } = symmetricEigen(products);
    for (let d = 0; d < count && values[d] > 1e-12 * values[0]; d++)
      for (let r = 0; r < count; r++) {
        const by = vectors.data[r * count + d] / Math.sqrt(values[d]);
        for (let i = 0; i < size; i++) directions[(k * count + d) * size + i] += by * inTrial[r][i];
      }
  }
  return { directions, count, taken: takenOf(directions, count, scores, observed, [trials, size, neurons]) };
}

/** How predictions change with what trials have of their own, by central differences. */
function tangentOf(
  where: string,
  { dt, conditions, preparation }: LowTensorRankFit,
  predict: (outputs: Tensor3) => Tensor3,
  { step, at }: OwnChange,
): Float64Array {
  const predicted = (by: number) => {
    const { model, inputs } = at(by),
      { outputs } = failingAs(where, () => simulate(model, inputs, { dt, conditions }));
    return predict(withoutPreparation(outputs, preparation)).data;
  };
  const [up, down] = [predicted(step), predicted(-step)];
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
  count: number,
  scores: Float64Array,
  observed: Float64Array,
  [trials, size, neurons]: readonly [number, number, number],
): Float64Array {
  const variances = variancesOf(scores, observed, neurons),
    expected = new Float64Array(trials * count),
    left = new Float64Array(count),
    whole = new Float64Array(count);
  for (let k = 0; k < trials; k++)
    for (let d = 0; d < count; d++) {
      let [along, variance] = [0, 0];
      for (let i = 0; i < size; i++) {
        const q = directions[(k * count + d) * size + i];
        along += q * scores[k * size + i];
        variance += q * q * variances[i % neurons];
      }
      expected[k * count + d] = variance;
      left[d] += along * along;
      whole[d] += variance;
    }
  return expected.map((variance, at) =>
    whole[at % count] > 0 ? Math.sqrt(Math.max(0, 1 - left[at % count] / whole[at % count]) * variance) : 0,
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
