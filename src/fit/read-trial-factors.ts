import { fail, failingAs } from "../base";
import type { Labels } from "../masks";
import { kernelFields, smoothFactors, type PartDescription, type SmoothFactors, type TrialFactors } from "../parts";

/** An option such as `network.trialKernel` as a prior: smooth over the trials of each epoch, or a custom one. */
export function readTrialFactors(
  where: string,
  name: string,
  given: SmoothFactors | TrialFactors,
  trials: number,
  epochs: Labels | undefined,
): TrialFactors {
  if (typeof given !== "function") return failingAs(where, () => smoothFactors(where, name, given, trials, epochs));
  if (given.trials !== trials)
    fail(where, {
      expected: `${name} to make trial factors of ${trials} trials, those of the activity`,
      got: String(given.trials),
      fix: "Build them for as many trials as the activity has.",
    });
  return given;
}

/** The option that makes these trial factors again, with its defaults; custom ones as their description. */
export function trialKernelOption(given: SmoothFactors | TrialFactors, description: PartDescription): unknown {
  if (typeof given === "function") return description;
  const known = Object.keys(kernelFields).filter((key) => key in description && (key !== "times" || given.times));
  return Object.fromEntries(known.map((key) => [key, description[key]]));
}
