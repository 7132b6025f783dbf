import { readOptions } from "../base";
import { choiceTrials, eitherSign, oneOf } from "./choice-trials";
import { evidenceFields, type EvidenceOptions } from "./evidence-options";
import type { Task } from "./task";

/** Trials of {@link contextIntegration}: motion and color are as strong as `coherences` say. */
export type ContextIntegrationOptions = EvidenceOptions;

/**
 * Motion or color? Two inputs carry noisy signed evidence at the same time, and two more say throughout the trial which
 * of them is relevant; in the response the target is the sign of the relevant one, and 0 before.
 *
 * @returns `conditions`: signed `motion` and `color`; `context`, 0 where motion is relevant and 1 where color is;
 * `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @see Mante, Sussillo, Shenoy & Newsome (2013), Context-dependent computation by recurrent dynamics in prefrontal
 * cortex, Nature 503
 * @example contextIntegration({ trials: 5, seed: 1 }).batch.inputs.shape // [5, 31, 5]
 */
export function contextIntegration(
  options?: ContextIntegrationOptions,
): Task<"motion" | "color" | "context" | "choice"> {
  const where = "contextIntegration",
    read = readOptions<ContextIntegrationOptions, ReturnType<typeof evidenceFields>>(where, options, evidenceFields()),
    channels = { evidence: ["motion", "color"], signs: ["motion counts", "color counts"] };
  return choiceTrials(where, read, channels, (stream) => {
    const [motion, color] = [0, 1].map(() => eitherSign(stream) * oneOf(stream, read.coherences)),
      context = stream.int(0, 1),
      choice = Math.sign(context === 0 ? motion : color),
      signs = [1 - context, context];
    return {
      conditions: { motion, color, context, choice },
      choice,
      shown: {
        fixation: [0, 0, ...signs],
        stimulus: [motion, color, ...signs],
        delay: [0, 0, ...signs],
        response: [0, 0, ...signs],
      },
    };
  });
}
