import { fail, readOptions, readPart, show, type FieldsOf } from "../base";
import { checkLabels, type Label, type Labels } from "../masks";
import { checkMask, checkTensor3, type Tensor3 } from "../tensor";
import { bitsPerSpikeIn } from "./bits-per-spike";
import { correlationPartsIn } from "./correlation-parts";
import { explainedIn, type Explained } from "./explained";
import { heldOutDecoding } from "./held-out-decoding";
import { heldOutKinds } from "./held-out-kinds";
import { maskedPsthR2 } from "./masked-psth-r2";
import { meanAndError, type MeanAndError } from "./mean-and-error";

/** A prediction, and what was held out of its fit: one fold. A fit or a baseline with masks beside it. */
export interface ScoredFit {
  /** (trials × time × neurons) */
  readonly prediction: Tensor3;
  /** entries that were trained on, 1 in and 0 out */
  readonly train: Tensor3;
  /** entries that are scored */
  readonly over: Tensor3;
}

/** What predictions are compared with. */
export interface ScorecardData {
  /** (trials × time × neurons); entries outside the masks are not read */
  readonly activity: Tensor3;
  /** a label per trial; absent: all are of one condition */
  readonly conditions?: Labels;
  /** whether activity is spike counts, and predictions what is expected of them; default false */
  readonly counts?: boolean;
  /** (trials × time × channels), such as hand velocity; NaN where unknown; default none */
  readonly behavior?: Tensor3;
}

/** One number a fold, and their mean with its standard error. */
export interface Score extends MeanAndError {
  readonly folds: readonly (number | null)[];
}

/** Every score of a model, each over folds. Plain data; `null` where there is nothing to score. */
export interface Scorecard {
  readonly variance: Score;
  /** Poisson deviance; of counts */
  readonly deviance: Score;
  /** bits per spike over all scored entries; of counts */
  readonly bitsPerSpike: Score;
  /** the same over neurons that were not trained on in their trial, at bins where others were */
  readonly coSmoothing: Score;
  /** the same over bins after the last that was trained on in their trial */
  readonly forward: Score;
  /** R² of the means of conditions in each bin over scored entries, the mean over neurons */
  readonly psthR2: Score;
  /** R² of behavior decoded from predictions: learned on bins without a scored entry, scored on those with one */
  readonly decodingR2: Score;
  /** correlation with the prediction, and its parts, averaged over neurons */
  readonly correlation: { readonly total: Score; readonly signal: Score; readonly noise: Score };
  /** shares of deviance of counts, or of variance, by neuron, trial and condition */
  readonly neurons: readonly MeanAndError[];
  readonly trials: readonly MeanAndError[];
  readonly conditions: readonly MeanAndError[];
  readonly conditionLabels: readonly Label[];
}

const fitFields = {
  prediction: { is: "checked", check: checkTensor3, needed: true },
  train: { is: "checked", check: checkTensor3, needed: true },
  over: { is: "checked", check: checkTensor3, needed: true },
} as const satisfies FieldsOf<ScoredFit>;

const dataFields = {
  activity: { is: "checked", check: checkTensor3, needed: true },
  conditions: { is: "checked", check: checkLabels },
  counts: { is: "boolean", fallback: false },
  behavior: { is: "checked", check: checkTensor3 },
} as const satisfies FieldsOf<ScorecardData>;

/**
 * Every score the field uses, of one model over folds, with standard errors: variance and deviance explained, bits per
 * spike (over held-out neurons and future bins too), PSTHs, decoded behavior, correlation and its parts.
 *
 * @param fits - a fit with its masks, such as `{ ...fit, train, over }`, or one for every fold
 * @throws {@link LtrnnError} when there is no fit, shapes or labels disagree, or an entry that is read is not finite
 * @remarks O(folds · entries), and a ridge regression a fold where there is behavior. Standard errors are those of
 * means over folds; folds share training entries, so they are a little too small.
 * @see Pei et al. (2021), Neural Latents Benchmark '21, NeurIPS datasets
 * @example scorecard({ prediction: tensor([2, 1, 1], [1, 3]), train: tensor([2, 1, 1], [1, 1]), over: tensor([2, 1, 1],
 * [1, 1]) }, { activity: tensor([2, 1, 1], [1, 3]) }).variance.mean // 1
 */
export function scorecard(fits: ScoredFit | readonly ScoredFit[], data: ScorecardData): Scorecard {
  const where = "scorecard",
    { activity, conditions, counts, behavior } = readOptions<ScorecardData, typeof dataFields>(
      where,
      data ?? (null as never),
      dataFields,
      "data",
    ),
    given: readonly ScoredFit[] = Array.isArray(fits) ? Array.from(fits) : [fits as ScoredFit];
  if (given.length === 0)
    fail(where, { expected: "a fit, or one for every fold", got: show(fits), fix: "Pass { ...fit, train, over }." });
  if (behavior) checkBehavior(where, behavior, activity);
  const folds = given.map((fit, i) =>
      readPart<ScoredFit, typeof fitFields>(where, fit ?? null, fitFields, Array.isArray(fits) ? `fits[${i}]` : "fits"),
    ),
    cards = folds.map((fold) => {
      checkMask(where, "train", fold.train, activity.shape, "activity");
      checkMask(where, "over", fold.over, activity.shape, "activity");
      return cardOf(where, fold, { activity, conditions, counts, behavior });
    }),
    over = (pick: (card: Card) => number | null): Score => {
      const values = cards.map(pick);
      return { ...meanAndError(values), folds: values };
    },
    each = (name: "neurons" | "trials" | "conditions") =>
      cards[0].shares[name].map((_, at) => meanAndError(cards.map(({ shares }) => shares[name][at])));
  return {
    variance: over((card) => card.variance),
    deviance: over((card) => (counts ? card.shares.total : null)),
    bitsPerSpike: over((card) => card.bits.all),
    coSmoothing: over((card) => card.bits.neurons),
    forward: over((card) => card.bits.future),
    psthR2: over((card) => card.psth),
    decodingR2: over((card) => card.decoding),
    correlation: {
      total: over((card) => card.correlation.total),
      signal: over((card) => card.correlation.signal),
      noise: over((card) => card.correlation.noise),
    },
    neurons: each("neurons"),
    trials: each("trials"),
    conditions: each("conditions"),
    conditionLabels: cards[0].shares.conditionLabels,
  };
}

function checkBehavior(where: string, { shape }: Tensor3, activity: Tensor3): void {
  const [trials, time] = activity.shape;
  if (shape[0] !== trials || shape[1] !== time || shape[2] === 0)
    fail(where, {
      expected: `data.behavior (${trials} × ${time} × channels), as data.activity`,
      got: shape.join(" × "),
      fix: "Bring behavior to the bins of the activity.",
    });
}

/** The numbers of one fold. */
type Card = ReturnType<typeof cardOf>;

function cardOf(
  where: string,
  { prediction, train, over }: ScoredFit,
  {
    activity,
    conditions,
    counts = false,
    behavior,
  }: { readonly [K in keyof ScorecardData]: ScorecardData[K] | undefined } & {
    readonly activity: Tensor3;
  },
) {
  const labels = conditions === undefined ? {} : { conditions },
    variance = explainedIn(where, activity, prediction, { train, over, ...labels }),
    shares: Explained = counts
      ? explainedIn(where, activity, prediction, { train, over, deviance: "poisson", ...labels })
      : variance,
    bits = (mask: Tensor3) =>
      counts && mask.data.includes(1) ? bitsPerSpikeIn(where, activity, prediction, { over: mask }).total : null,
    kinds = heldOutKinds(train, over),
    parts = correlationPartsIn(where, activity, prediction, { over, ...labels }).neurons,
    mean = (name: "total" | "signal" | "noise") => meanAndError(parts.map((part) => part[name])).mean;
  return {
    variance: variance.total,
    shares,
    bits: { all: bits(over), neurons: bits(kinds.neurons), future: bits(kinds.future) },
    psth: maskedPsthR2(where, activity, prediction, over, conditions),
    decoding: behavior ? heldOutDecoding(where, prediction, behavior, over) : null,
    correlation: { total: mean("total"), signal: mean("signal"), noise: mean("noise") },
  };
}
