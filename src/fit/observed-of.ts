import type { Observed, RunOptions } from "../run";
import type { FitProblem } from "./fit-problem";

/** What of the activity corrects the states of a run: with a filter, all that is trained on. */
export const observedOf = ({ observed, train }: Pick<FitProblem, "observed" | "train">): Observed =>
  observed ? { observed, observedMask: train } : {};

/** How: of counts by what they say beyond the expected ones. */
export const innovationIn = ({ innovation }: Pick<FitProblem, "innovation">): Pick<RunOptions, "innovation"> =>
  innovation ? { innovation } : {};
