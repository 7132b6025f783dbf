import { readOptions } from "../base";
import { choiceTrials, eitherSign, oneOf } from "./choice-trials";
import { evidenceFields, type EvidenceOptions } from "./evidence-options";
import type { Task } from "./task";

/** Trials of a {@link perceptualDecision}. */
export type PerceptualDecisionOptions = EvidenceOptions;

/**
 * Which way do the dots move? During the stimulus one input is the signed coherence, with noise; in the response, which
 * a cue signals, the target is the sign of the coherence, and 0 before.
 *
 * @returns `conditions`: signed `coherence`, and `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @remarks An ideal observer is correct in a share `Phi(coherence sqrt(stimulus) / noise)` of the trials.
 * @see Britten, Shadlen, Newsome & Movshon (1992), The analysis of visual motion, J. Neurosci. 12
 * @example perceptualDecision({ trials: 5, seed: 1 }).batch.inputs.shape // [5, 31, 2]
 */
export function perceptualDecision(options?: PerceptualDecisionOptions): Task<"coherence" | "choice"> {
  const where = "perceptualDecision",
    read = readOptions<PerceptualDecisionOptions, ReturnType<typeof evidenceFields>>(where, options, evidenceFields());
  return choiceTrials(where, read, { evidence: ["motion"] }, (stream) => {
    const choice = eitherSign(stream),
      coherence = choice * oneOf(stream, read.coherences);
    return { conditions: { coherence, choice }, choice, shown: { stimulus: [coherence] } };
  });
}
