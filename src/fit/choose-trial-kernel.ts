import { fail, last, provenance, show, type Provenance, type Status } from "../base";
import type { SmoothFactors, TrialFactors } from "../parts";
import type { Tensor3 } from "../tensor";
import { readFitOptions, type FitOptions } from "./fit-options";
import type { LowTensorRankFit } from "./fit-result";
import { fitSteps } from "./fit-steps";
import { checkTrialKernel } from "./option-checks";

/** A prior to choose from: a length, plain numbers, or a prior as a part. */
export type TrialKernelCandidate = number | SmoothFactors | TrialFactors;

/** The outcome of one candidate. */
export interface TrialKernelRun {
  /** the value of `network.trialKernel` that makes it again; a part as its description */
  readonly trialKernel: unknown;
  /** the lowest it reached */
  readonly validationLoss: number;
  /** updates made, over all starts */
  readonly steps: number;
  readonly status: Status;
}

/** Priors of trial factors compared by their validation loss. */
export interface TrialKernelChoice {
  /** which candidate is best so far, from 0 */
  readonly chosen: number;
  /** its fit */
  readonly fit: LowTensorRankFit;
  /** those that were fitted so far, in the order they were given */
  readonly candidates: readonly TrialKernelRun[];
  /** "running" until the last fit has ended; then the status of the chosen one */
  readonly status: Status;
  readonly provenance: Provenance;
}

/**
 * Choose the length of trial factors, or their prior, by validation: each candidate is fitted to the end, and the one
 * with the lowest loss over `validation` is chosen. Put whole trials in `validation`, to test how a prior predicts
 * trials that were not fitted.
 *
 * @param candidates - lengths, which replace the length in `network.trialKernel`, or whole priors
 * @param options - those of {@link fitLowTensorRank}; `validation` is needed
 * @throws {@link LtrnnError} without a validation mask or candidates, or if a fit refuses its options
 * @remarks Fits run one after the other, each with all starts: the cost is that of as many fits as there are
 * candidates.
 * @example (await chooseTrialKernel(zeros([3, 2, 1]), 1, [2, 4], { mask: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]),
 * validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), decoder: "identity", training: { steps: 2,
 * starts: 1 } })).candidates.length // 2
 */
export function chooseTrialKernel(
  activity: Tensor3,
  rank: number,
  candidates: readonly TrialKernelCandidate[],
  options?: FitOptions,
): Promise<TrialKernelChoice> {
  return last(fitAll("chooseTrialKernel", activity, rank, candidates, options));
}

/**
 * The stepwise form of {@link chooseTrialKernel}: it yields the state of all candidates after every step of a fit.
 *
 * @throws {@link LtrnnError} as chooseTrialKernel
 * @example (await last(chooseTrialKernelSteps(zeros([3, 2, 1]), 1, [2, 4], { mask: tensor([3, 2, 1], [1, 1, 1, 1, 1,
 * 0]), validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), decoder: "identity", training: { steps: 2,
 * starts: 1 } }))).candidates.length // 2
 */
export function chooseTrialKernelSteps(
  activity: Tensor3,
  rank: number,
  candidates: readonly TrialKernelCandidate[],
  options?: FitOptions,
): AsyncGenerator<TrialKernelChoice> {
  return fitAll("chooseTrialKernelSteps", activity, rank, candidates, options);
}

/** One fit after the other, and how all stand after each of their steps. */
async function* fitAll(
  where: string,
  activity: Tensor3,
  rank: number,
  given: readonly TrialKernelCandidate[],
  options: FitOptions = {},
): AsyncGenerator<TrialKernelChoice> {
  checkCall(where, options);
  const kernels = readCandidates(where, given, options),
    fits: LowTensorRankFit[] = [];
  for (const [index, trialKernel] of kernels.entries()) {
    const steps = fitSteps(where, activity, rank, { ...options, network: { ...options.network, trialKernel } });
    for await (const fit of steps) {
      fits[index] = fit;
      yield choiceOf(fits, kernels.length);
    }
    if (fits[index].status === "aborted") return;
  }
}

function choiceOf(fits: readonly LowTensorRankFit[], count: number): TrialKernelChoice {
  const now = fits[fits.length - 1],
    losses = fits.map(({ validationLoss }) => validationLoss),
    chosen = losses.indexOf(Math.min(...losses)),
    fit = fits[chosen],
    going = now.status !== "aborted" && (now.status === "running" || fits.length < count),
    candidates = fits.map(
      ({ provenance: made, validationLoss, steps, status }): TrialKernelRun => ({
        trialKernel: (made.options.network as Readonly<Record<"trialKernel", unknown>>).trialKernel,
        validationLoss,
        steps,
        status,
      }),
    );
  const { seed, options, facts } = fit.provenance,
    { trialKernel: _, ...network } = options.network as Readonly<Record<"trialKernel", unknown>>;
  return {
    chosen,
    fit,
    candidates,
    status: going ? "running" : now.status === "aborted" ? "aborted" : fit.status,
    provenance: provenance(
      "chooseTrialKernel",
      seed,
      { candidates: candidates.map(({ trialKernel }) => trialKernel), ...options, network },
      facts,
    ),
  };
}

function checkCall(where: string, options: FitOptions): void {
  readFitOptions(where, options);
  if (options.validation === undefined)
    fail(where, {
      expected: "entries to choose by as validation",
      got: "none",
      fix: "Pass the masks of holdOut: { mask: split.train, validation: split.validation }.",
    });
  if (options.start !== undefined)
    fail(where, {
      expected: "no start, since a choice begins with new fits",
      got: "an earlier fit",
      fix: "Continue the chosen fit with fitLowTensorRank.",
    });
}

/** What each fit takes as its prior. */
function readCandidates(
  where: string,
  candidates: readonly TrialKernelCandidate[],
  options: FitOptions,
): readonly (SmoothFactors | TrialFactors)[] {
  if (!Array.isArray(candidates) || candidates.length === 0 || candidates.length > 1000)
    fail(where, {
      expected: "candidates to be a list of lengths or priors, from one to 1000",
      got: show(candidates),
      fix: "Pass such as [5, 10, 20].",
    });
  const base = options.network?.trialKernel;
  return Array.from(candidates, (candidate: TrialKernelCandidate, i) => {
    checkTrialKernel(
      where,
      `candidates[${i}]`,
      typeof candidate === "number" ? { length: candidate } : (candidate ?? null),
    );
    if (typeof candidate !== "number") return candidate;
    if (typeof base !== "function") return { ...base, length: candidate };
    return fail(where, {
      expected: "whole priors as candidates, since network.trialKernel is a part",
      got: `the length ${candidate}`,
      fix: "Pass priors, or network.trialKernel in plain numbers.",
    });
  });
}
