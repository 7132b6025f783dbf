import { LtrnnError, checkWhole, failingAs } from "../base";
import {
  fitLowTensorRankSteps,
  matchFits,
  readFitOptions,
  type FitOptions,
  type FittedNetwork,
  type LowTensorRankFit,
} from "../fit";
import { crossValidateSteps, inProcess, oneStandardError } from "../select";
import type { Candidate, CrossValidation, Grid, GridChoice, GridRow, Specification } from "../select";
import type { Tensor3 } from "../tensor";
import { trialFactorUncertainty, type TrialFactorUncertainty } from "../uncertainty";

/** What a recording is held against. */
export interface AnalysisSettings {
  readonly baselines: readonly Grid[];
  readonly ranks: readonly number[];
  /** of every fit, but for masks and the seed */
  readonly fit: FitOptions;
  readonly folds: number;
  readonly half: readonly number[];
  readonly seed: number;
}

/** How the fit of another split agrees with that of the first one. */
export interface SplitMatch {
  readonly fold: number;
  readonly score: number;
}

/** What was found. */
export interface Analysis {
  readonly rows: readonly GridRow[];
  /** among the ranks: the simplest within a standard error of the best; null where no fit is scored */
  readonly choice: GridChoice | null;
  /** of the chosen rank, in the first split that has one */
  readonly fit?: LowTensorRankFit;
  /** the same rank in other splits */
  readonly splits: readonly SplitMatch[];
  /** trial factors with standard errors, or why there are none */
  readonly uncertainty: TrialFactorUncertainty | string;
  readonly status: CrossValidation["status"];
}

/** What is kept of a fit that only has to be compared. */
const networkOf = ({ model, rank, inputs, conditions, dt }: LowTensorRankFit): FittedNetwork => ({
  ...{ model, rank, inputs, conditions, dt },
});

/**
 * Fit every rank in every split, beside baselines on the same boxes, and look into the fit that they choose: do other
 * starts and other splits find the same components, and how well are trial factors known?
 */
export async function analyzeRecording(
  activity: Tensor3,
  { baselines, ranks, fit, folds, half, seed }: AnalysisSettings,
  { say, signal }: { readonly say: (text: string) => void; readonly signal?: AbortSignal },
): Promise<Analysis> {
  const whole = new Map<number, { readonly fit: LowTensorRankFit; readonly train: Tensor3; readonly fold: number }>(),
    others = new Map<number, { readonly fold: number; readonly network: FittedNetwork }[]>();
  let fold = 0; // of the cell that runs: cells of one process come one after the other
  const candidate: Candidate = {
    axes: ["rank"],
    check(where, { axes }) {
      checkWhole(where, "axes.rank", axes.rank as number, 1, 10_000);
      failingAs(where, () => readFitOptions(where, fit));
    },
    async fit(data, { axes }: Specification, { train, validation }, stop) {
      const rank = axes.rank as number;
      let end: LowTensorRankFit | undefined;
      for await (const now of fitLowTensorRankSteps(data as Tensor3, rank, {
        ...fit,
        training: { ...fit.training, ...(stop ? { signal: stop } : {}) },
        mask: train as Tensor3,
        validation: validation as Tensor3,
        seed,
      })) {
        end = now;
        const of = folds > 1 ? ` in split ${fold + 1} of ${folds}` : "";
        say(`an ltrRNN of rank ${rank}${of}: update ${now.steps} of at most ${now.stepsAtMost}`);
      }
      const found = end as LowTensorRankFit;
      if (whole.has(rank)) others.set(rank, [...(others.get(rank) ?? []), { fold, network: networkOf(found) }]);
      else whole.set(rank, { fit: found, train: train as Tensor3, fold });
      return {
        prediction: found.prediction,
        status: found.status,
        score: found.firingRates ? "poisson" : "variance",
        facts: { replicability: found.replicability.map(({ score }) => score) },
      };
    },
  };
  const inner = inProcess({ candidates: { ltrRNN: candidate } });
  const executor = {
    ...inner,
    run: (jobs: Parameters<typeof inner.run>[0], context: Parameters<typeof inner.run>[1]) =>
      inner.run(
        (function* () {
          for (const job of jobs) {
            fold = job.fold;
            yield job;
          }
        })(),
        context,
      ),
  };
  let end: CrossValidation | undefined;
  for await (const step of crossValidateSteps(activity, [...baselines, { model: "ltrRNN", axes: { rank: ranks } }], {
    ...{ executor, folds, seed, boxes: { half } },
    ...(signal ? { signal } : {}),
  }))
    end = step;
  const { rows, status } = end as CrossValidation,
    choice = oneStandardError(rows.filter(({ model }) => model === "ltrRNN")),
    rank = choice?.chosen.axes.rank as number,
    kept = choice ? whole.get(rank) : undefined;
  if (!kept) return { rows, choice, splits: [], uncertainty: "no fit is scored", status };
  say("standard errors of trial factors");
  const same = (others.get(rank) ?? []).map(({ fold: of, network }) => ({
    fold: of,
    score: matchFits(kept.fit, network).score,
  }));
  return {
    ...{ rows, choice, fit: kept.fit, splits: same, status },
    uncertainty: uncertaintyOf(kept.fit, activity, kept.train),
  };
}

function uncertaintyOf(fit: LowTensorRankFit, activity: Tensor3, mask: Tensor3): TrialFactorUncertainty | string {
  try {
    return trialFactorUncertainty(fit, activity, { mask });
  } catch (error) {
    if (error instanceof LtrnnError) return `they need ${error.expected}; there are ${error.got}`;
    throw error;
  }
}
