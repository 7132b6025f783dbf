import {
  fixedPoints,
  latentActivity,
  latentDynamics,
  latentField,
  LtrnnError,
  matmul,
  simulate,
  tensor,
  trialFactorUncertainty,
  type ComponentsShown,
  type FieldPanel,
  type Label,
  type Line,
  type LowTensorRankFit,
  type Matrix,
  type Tensor3,
  type TrialFactorUncertainty,
} from "ltrnn";

/** What a fit found, or the reason why it cannot be said. */
export interface Insight {
  readonly uncertainty: TrialFactorUncertainty | string;
  /** trial factors, the mean course of b' phi(x) over the trial, and how neurons read a */
  readonly components: ComponentsShown;
  /** panels of fields for a rank of 2 or more, speeds over the latent variable for rank 1 */
  readonly field: readonly FieldPanel[] | readonly Line[] | string;
}

export function lookInto(
  fit: LowTensorRankFit,
  activity: Tensor3,
  mask: Tensor3,
  epochs: readonly Label[] | undefined,
): Insight {
  return {
    uncertainty: orReason(() => trialFactorUncertainty(fit, activity, { mask })),
    components: componentsOf(fit),
    field: orReason(() => fieldsOf(fit, epochs)),
  };
}

function orReason<T>(compute: () => T): T | string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LtrnnError) return `expected ${error.expected}, got ${error.got}`;
    throw error;
  }
}

const statesOf = ({ model, inputs, dt, conditions }: LowTensorRankFit) => simulate(model, inputs, { dt, conditions });

function componentsOf(fit: LowTensorRankFit): ComponentsShown {
  const { rank } = fit,
    { a, b, c, readout } = fit.model.params,
    { rates } = statesOf(fit),
    [trials, time, units] = rates.shape,
    mean = tensor([time, units], new Float64Array(time * units));
  for (let i = 0; i < rates.data.length; i++) mean.data[i % (time * units)] += rates.data[i] / trials;
  return {
    weights: tensor([rank], new Float64Array(rank).fill(1)),
    factors: [c, matmul(mean, b), readout ? matmul(readout, a) : a],
  };
}

/** The latent dynamics in the middle trial of each epoch, under the mean input of that trial. */
function fieldsOf(fit: LowTensorRankFit, epochs: readonly Label[] | undefined): FieldPanel[] | Line[] {
  const { model, inputs, rank } = fit,
    kappa = latentActivity(model, statesOf(fit).states);
  const [, time, count] = inputs.shape;
  const inputOf = (trial: number) =>
    tensor(
      [count],
      Array.from({ length: count }, (_, i) => {
        let sum = 0;
        for (let t = 0; t < time; t++) sum += inputs.data[(trial * time + t) * count + i];
        return sum / time;
      }),
    );
  const middles = middleTrials(epochs, inputs.shape[0]);
  if (rank === 1) {
    const [low, high] = extent(kappa, 0),
      line: Matrix = tensor(
        [101, 1],
        Array.from({ length: 101 }, (_, i) => low + ((high - low) * i) / 100),
      );
    return middles.map(({ label, trial }) => ({
      label,
      x: line.data,
      y: latentDynamics(model, line, { trial, input: inputOf(trial) }).velocity.data,
    }));
  }
  const at = Array.from({ length: rank }, (_, r) => meanOf(kappa, r));
  return middles.map(({ label, trial }) => {
    const here = { trial, input: inputOf(trial) };
    return {
      label,
      field: latentField(model, [extent(kappa, 0), extent(kappa, 1)], { ...here, at, points: 15 }),
      points: fixedPoints(model, { ...here, starts: 20 }).points,
    };
  });
}

/** At most six epochs, each with its middle trial. */
function middleTrials(epochs: readonly Label[] | undefined, trials: number) {
  const names = [...new Set(epochs ?? ["all trials"])].slice(0, 6);
  return names.map((name) => {
    const own = Array.from({ length: trials }, (_, k) => k).filter((k) => !epochs || epochs[k] === name),
      trial = own[Math.floor(own.length / 2)];
    return { label: `${name}, trial ${trial}`, trial };
  });
}

const entries = ({ data, shape }: Tensor3, r: number) => data.filter((_, i) => i % shape[2] === r);
const meanOf = (x: Tensor3, r: number) =>
  entries(x, r).reduce((sum, value) => sum + value, 0) / (x.data.length / x.shape[2]);

/** What a latent variable goes through, and a tenth more. */
function extent(kappa: Tensor3, r: number): readonly [number, number] {
  const values = entries(kappa, r),
    low = values.reduce((a, b) => Math.min(a, b)),
    high = values.reduce((a, b) => Math.max(a, b)),
    room = 0.1 * (high - low) || 1;
  return [low - room, high + room];
}
