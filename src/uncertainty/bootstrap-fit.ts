import { inNameOf, last, provenance, random, type Provenance, type Status } from "../base";
import { fitAgain, matchFits, type FitAgain, type LowTensorRankFit } from "../fit";
import type { LossDescription } from "../losses";
import { checkTensor, type Tensor3 } from "../tensor";
import { checkBlock, checkResampled, checkSame, inflationOf, seenEntries } from "./bootstrap-checks";
import { bootstrapIntervals, leastAgreement } from "./bootstrap-intervals";
import { coversOf, endedElsewhere } from "./bootstrap-covers";
import { readBootstrapOptions, type BootstrapOptions, type GivenBootstrap } from "./bootstrap-options";
import type { BootstrapSample, FitBootstrap } from "./fit-bootstrap";
import { checkWholeFit } from "./fitted-activity";
import { blockSigns } from "./block-signs";
import { resampledActivity, type Resampled } from "./resampled-activity";
import { scoreScale, scoresOf } from "./residual-scores";
import { ownDirections } from "./own-directions";
import { seenParameters, sightOf } from "./seen-parameters";

/**
 * Intervals for all parameters of a fit: columns, rows in the metric of the rates, trial factors, inputs, initial
 * states and decoder, by percentiles of a wild block bootstrap over trials. The residuals of the fit are added to its
 * prediction with random signs, one for each block of neighboring trials, and refitted, starting from the fitted
 * parameters; refits are aligned with the fit as by {@link matchFits}.
 *
 * Each refit also draws the means of normal priors about the fitted parameters, so percentiles include what priors
 * smooth away: refits are draws from the posterior where the model is linear and its noise normal.
 *
 * Residuals of counts are their quantiles in the expected distributions (randomized quantile residuals), so resampled
 * counts are counts.
 *
 * @param fit - as {@link fitLowTensorRank} gave it, with a loss of the library, not a filter
 * @param activity - that of the fit
 * @param options.fitOptions - those of the fit
 * @throws {@link LtrnnError} when data or options are not those of the fit, there are fewer than two blocks of trials,
 * or the fit has no residuals to draw from
 * @remarks The cost is one refit per replicate, one after the other. `covers` says what the percentiles leave out.
 * @see Wu (1986), Jackknife, bootstrap and other resampling methods in regression analysis, Ann. Statist. 14; Cameron,
 * Gelbach & Miller (2008), Bootstrap-based improvements for inference with clustered errors, Rev. Econ. Stat. 90, for
 * a sign of each cluster; Dunn & Smyth (1996), Randomized quantile residuals; Papandreou & Yuille (2010), Gaussian
 * sampling by local perturbations, NIPS 23, and Bardsley, Solonen, Haario & Laine (2014), Randomize-then-optimize,
 * SIAM J. Sci. Comput. 36, for drawn means
 * @example (await bootstrapFit(await fitLowTensorRank(tensor([4, 6, 3], Array.from({ length: 72 }, random(1).normal)),
 * 1, { decoder: "identity", inputs: 1, training: { steps: 2, starts: 1 } }), tensor([4, 6, 3],
 * Array.from({ length: 72 }, random(1).normal)), { fitOptions: { decoder: "identity", inputs: 1, training: { steps: 2,
 * starts: 1 } }, replicates: 2, updates: 2 })).agreement.length // 1
 */
export function bootstrapFit(
  fit: LowTensorRankFit,
  activity: Tensor3,
  options?: BootstrapOptions,
): Promise<FitBootstrap> {
  return last(bootstrap("bootstrapFit", fit, activity, options));
}

/**
 * The stepwise form of {@link bootstrapFit}: it yields percentiles so far after every refit. Each step is progress,
 * result and checkpoint: passed as `start` to another call, it continues to the same bits.
 *
 * @example (await last(bootstrapFitSteps(await fitLowTensorRank(tensor([4, 6, 3], Array.from({ length: 72 },
 * random(1).normal)), 1, { decoder: "identity", inputs: 1, training: { steps: 2, starts: 1 } }), tensor([4, 6, 3],
 * Array.from({ length: 72 }, random(1).normal)), { fitOptions: { decoder: "identity", inputs: 1, training: { steps: 2,
 * starts: 1 } }, replicates: 2, updates: 2 }))).samples.length // 2
 */
export function bootstrapFitSteps(
  fit: LowTensorRankFit,
  activity: Tensor3,
  options?: BootstrapOptions,
): AsyncGenerator<FitBootstrap> {
  return bootstrap("bootstrapFitSteps", fit, activity, options);
}

/** What stays the same over all refits. */
interface Setting {
  readonly fit: LowTensorRankFit;
  readonly given: GivenBootstrap;
  readonly inflation: number;
}

async function* bootstrap(
  where: string,
  fit: LowTensorRankFit,
  activity: Tensor3,
  options: BootstrapOptions | undefined,
): AsyncGenerator<FitBootstrap> {
  const given = readBootstrapOptions(where, options),
    { fitOptions, replicates, seed, updates, block, signal, start } = given;
  checkWholeFit(where, fit);
  checkTensor(where, "activity", activity, 3);
  checkBlock(where, activity.shape[0], block);
  const again = fitAgain(where, fit, activity, fitOptions),
    loss = checkResampled(where, fit, again),
    observed = seenEntries(again),
    inflation = inflationOf(where, again),
    setting: Setting = { fit, given, inflation },
    made = provenanceOf(setting);
  if (start) checkSame(where, start, made);
  const sight = sightOf(where, fit),
    first = seenParameters(fit, sight),
    resampled = residualsOf(where, setting, again, { activity, observed, loss }),
    samples: BootstrapSample[] = [...(start?.samples ?? [])];
  const state = (status?: Status): FitBootstrap => bootstrapOf(setting, first, samples, status);
  if (samples.length >= replicates) yield state();
  while (samples.length < replicates) {
    if (signal?.aborted) return yield state("aborted");
    const draw = random(seed, `bootstrap ${samples.length}`),
      drawn = resampledActivity(resampled, blockSigns(activity.shape[0], block, draw), draw),
      refit = await inNameOf(where, () => again.refit(drawn, { updates, seed, random: draw, signal }));
    if (refit.status === "aborted") return yield state("aborted");
    samples.push(sampleOf(refit));
    yield state();
  }

  function sampleOf(refit: LowTensorRankFit): BootstrapSample {
    const { steps, status } = refit;
    if (status === "diverged") return { steps, status };
    const match = matchFits(fit, refit);
    const { components } = match,
      parameters = seenParameters(refit, sight, { match, first });
    return { steps, status, components, elsewhere: endedElsewhere(components), parameters };
  }
}

/** What a bootstrap has found so far. */
function bootstrapOf(
  { fit, given, inflation }: Setting,
  first: NonNullable<BootstrapSample["parameters"]>,
  all: readonly BootstrapSample[],
  status?: Status,
): FitBootstrap {
  const samples = [...all],
    finite = samples.filter(({ parameters }) => parameters),
    stayed = finite.filter(({ elsewhere }) => !elsewhere),
    { replicates, level } = given;
  return {
    ...(stayed.length < 2 ? {} : { intervals: bootstrapIntervals(first, stayed, level) }),
    ...(finite.length < 2 ? {} : { agreement: leastAgreement(finite, level) }),
    level,
    samples,
    replicates,
    elsewhere: finite.length - stayed.length,
    inflation,
    status: status ?? (samples.length < replicates ? "running" : statusOf(samples, stayed.length)),
    covers: coversOf(samples, stayed.length),
    provenance: provenanceOf({ fit, given }),
  };
}

/** `undefined` options are left out, and files hold no others. */
const provenanceOf = ({ fit, given }: Pick<Setting, "fit" | "given">): Provenance => {
  const { replicates, level, block, updates, seed } = given,
    { provenance: made, bestStep } = fit;
  return provenance("bootstrapFit", seed, { replicates, level, block, updates }, { fit: { ...made, bestStep } });
};

function statusOf(samples: readonly BootstrapSample[], stayed: number): Status {
  if (stayed < 2) return "degenerate";
  return samples.every(({ status }) => status === "converged" || status === "diverged") ? "converged" : "exhausted";
}

/** The residuals of the fit, on their scale, and what is drawn with them. */
function residualsOf(
  where: string,
  { fit, given: { seed }, inflation }: Setting,
  { predict }: FitAgain,
  {
    activity,
    observed,
    loss,
  }: Readonly<Record<"activity", Tensor3>> & {
    readonly observed: Float64Array;
    readonly loss: LossDescription;
  },
): Resampled {
  const { prediction } = fit,
    scale = scoreScale(loss),
    scores = scoresOf(scale, activity, prediction, observed, random(seed, "bootstrap places")),
    deviations = prediction.data.map((x, i) => scale.deviation(x, i % prediction.shape[2])),
    own = ownDirections(where, fit, predict, scores, observed, deviations);
  return { prediction, scores, scale, own, observed, inflation };
}
