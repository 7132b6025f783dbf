/**
 * Rivals of a filter: means of conditions over near trials, and linear predictions of what trials deviate from them.
 */
import { zeros, type Tensor3 } from "ltrnn";
import { ridge, ridgeSums, type RegressionRow } from "./ridge";

/** bins of a trial's own past that predictions see */
const lags = 2;
/**
 * of the coefficients that directions share, and of what each adds to them; chosen on a fifth of the training trials
 */
const penalties = [3, 30, 300, 3000];

/**
 * The mean of near trials of a condition, itself left out, with Gaussian weights in trials; one pseudo-trial of the
 * plain mean stands behind each, as in smoothedConditionMean.
 */
export function meanOfOthers(data: Tensor3, train: Tensor3, conditions: readonly number[], width: number): Tensor3 {
  const [trials, bins, neurons] = data.shape,
    size = bins * neurons,
    out = zeros(data.shape);
  const near = Array.from({ length: trials }, (_, d) => (width === Infinity ? 1 : Math.exp(-((d / width) ** 2) / 2)));
  for (const condition of new Set(conditions)) {
    const members = conditions.flatMap((one, k) => (one === condition ? [k] : []));
    for (let s = 0; s < size; s++) {
      const seen = members.filter((k) => train.data[k * size + s] !== 0),
        plain = seen.reduce((sum, k) => sum + data.data[k * size + s], 0) / Math.max(1, seen.length);
      for (const k of members) {
        let [sum, weight] = [plain, 1];
        for (const other of seen) {
          if (other === k) continue;
          const w = near[Math.abs(other - k)];
          sum += w * data.data[other * size + s];
          weight += w;
        }
        out.data[k * size + s] = sum / weight;
      }
    }
  }
  return out;
}

/** Predictions so many bins ahead of bins that are known: of "mean", "residual" or "direction". */
export function residualForecasts(
  data: Tensor3,
  fold: { readonly rest: Tensor3; readonly observed: Tensor3 },
  conditions: readonly number[],
  width: number,
): (kind: string, ahead: number) => Tensor3 {
  const [trials, bins, neurons] = data.shape,
    size = bins * neurons,
    labels = [...new Set(conditions)],
    mean = meanOfOthers(data, fold.rest, conditions, width),
    block = lags * neurons;
  /** what is known of a trial up to bin t, as deviations from the mean; nothing where nothing is observed */
  function featuresOf(trial: number, t: number, kind: string) {
    const places: number[] = [],
      values: number[] = [];
    for (let lag = 0; lag < lags && t - lag >= 0; lag++)
      for (let i = 0; i < neurons; i++) {
        const at = trial * size + (t - lag) * neurons + i;
        if (fold.observed.data[at] === 0) continue;
        places.push(lag * neurons + i);
        values.push(data.data[at] - mean.data[at]);
      }
    if (kind !== "direction") return { places, values };
    const own = (1 + labels.indexOf(conditions[trial])) * block;
    return { places: [...places, ...places.map((place) => own + place)], values: [...values, ...values] };
  }
  function* rowsOf(kind: string, ahead: number, inside: (trial: number) => boolean): Generator<RegressionRow> {
    for (let k = 0; k < trials; k++)
      for (let t = ahead; inside(k) && t < bins; t++) {
        const at = k * size + t * neurons;
        if (fold.rest.data[at] === 0) continue; // factors of a bin are observed together
        const targets = Array.from({ length: neurons }, (_, i) => data.data[at + i] - mean.data[at + i]);
        yield { ...featuresOf(k, t - ahead, kind), targets };
      }
  }
  function coefficients(kind: string, ahead: number) {
    const features = kind === "direction" ? block * (1 + labels.length) : block,
      sums = (inside: (trial: number) => boolean) => ridgeSums(rowsOf(kind, ahead, inside), features, neurons),
      part = sums((k) => k % 5 !== 0),
      left = [...rowsOf(kind, ahead, (k) => k % 5 === 0)];
    const candidates = penalties.flatMap((shared) =>
      (kind === "direction" ? penalties.map((own) => 10 * own) : [0]).map((own) => ({ shared, own })),
    );
    const of =
      ({ shared, own }: { shared: number; own: number }) =>
      (feature: number) =>
        feature < block ? shared : own;
    let best = { loss: Infinity, candidate: candidates[0] };
    for (const candidate of candidates) {
      const b = ridge(part, of(candidate));
      let loss = 0;
      for (const { places, values, targets } of left)
        for (let j = 0; j < neurons; j++) {
          const y = places.reduce((sum, place, p) => sum + values[p] * b.data[place * neurons + j], 0);
          loss += (targets[j] - y) ** 2;
        }
      if (loss < best.loss) best = { loss, candidate };
    }
    return ridge(
      sums(() => true),
      of(best.candidate),
    );
  }
  return (kind, ahead) => {
    if (kind === "mean") return mean;
    const b = coefficients(kind, ahead),
      out: Tensor3 = { shape: mean.shape, data: mean.data.slice() };
    for (let k = 0; k < trials; k++)
      for (let t = ahead; t < bins; t++) {
        const { places, values } = featuresOf(k, t - ahead, kind);
        places.forEach((place, p) => {
          for (let j = 0; j < neurons; j++)
            out.data[k * size + t * neurons + j] += values[p] * b.data[place * neurons + j];
        });
      }
    return out;
  };
}
