import type { BestStep, FitRun } from "./fit-result";

/** The lowest loss of a start so far, over the validation entries where there are any; Infinity before the first. */
export const lowestLoss = ({ best }: FitRun): number => best?.validationLoss ?? Number.POSITIVE_INFINITY;

/** The start with the lowest loss; of several, the first. */
export const bestRun = (runs: readonly FitRun[]): FitRun | undefined =>
  runs.reduce<FitRun | undefined>((best, run) => (best && lowestLoss(best) <= lowestLoss(run) ? best : run), undefined);

/** Its best step; undefined before the first update. */
export const bestStep = (runs: readonly FitRun[]): BestStep | undefined => bestRun(runs)?.best;
