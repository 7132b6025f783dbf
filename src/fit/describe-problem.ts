import { checksum } from "../base";
import type { LabelRows } from "../masks";
import type { Tensor3 } from "../tensor";
import type { GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { FitMasks } from "./read-masks";

/** The problem as plain data: options as given, data and labels by their checksums. */
export function describeProblem(
  activity: Tensor3,
  { train, validation }: FitMasks,
  problem: Omit<FitProblem, "start" | "description">,
  given: GivenFit,
  epoch: LabelRows,
): FitProblem["description"] {
  const { rank, units, conditions, conditionLabels, inputs, decoder } = problem,
    { penalties } = given.training;
  const rowsOf = (rows: readonly number[], labels: number) => ({ labels, rows: checksum(Float64Array.from(rows)) });
  return {
    rank,
    activity: { shape: [...activity.shape], entries: checksum(readEntries(activity, train, validation)) },
    mask: given.mask ? checksum(train.data) : null,
    validation: validation ? checksum(validation.data) : null,
    conditions: given.conditions ? rowsOf(conditions, conditionLabels.length) : null,
    epochs: given.epochs ? rowsOf(epoch.rows, epoch.labels.length) : null,
    inputs: inputs.description,
    decoder: decoder.description,
    network: {
      units,
      tau: given.network.tau,
      dt: given.network.dt,
      phi: given.network.phi,
      staticRank: problem.staticRank,
      span: problem.span,
      filter: problem.innovation?.kind ?? problem.observed !== undefined,
      preparation: problem.preparation,
    },
    trialFactors: problem.trialFactors.description,
    initialStates: problem.initialStates.description,
    loss: problem.lossDescription,
    priorWeight: problem.priorWeight,
    penalties: { rates: penalties.rates, trialFactors: penalties.trialFactors },
    draws: given.training.draws,
    precision: problem.precision,
  };
}

/** Activity with 0 at entries that are never read. */
const readEntries = (activity: Tensor3, train: Tensor3, validation: Tensor3 | undefined): Float64Array =>
  activity.data.map((x, index) => (train.data[index] === 0 && !(validation && validation.data[index] !== 0) ? 0 : x));
