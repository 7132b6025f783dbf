import type { Observed } from "../run";
import type { FitProblem } from "./fit-problem";

/** What of the activity corrects the states of a run: with a filter, all that is trained on. */
export const observedOf = ({ observed, train }: Pick<FitProblem, "observed" | "train">): Observed =>
  observed ? { observed, observedMask: train } : {};
