import type { ComponentMatch } from "../fit";
import type { BootstrapSample } from "./fit-bootstrap";

/** With a product of its three cosines below this, a component of a refit is not that of the fit. */
const leastMatch = 0.5;

/** Whether a refit ended in another solution than the fit that it began from. */
export const endedElsewhere = (components: readonly ComponentMatch[]): boolean =>
  components.some(({ column, row, trialFactor }) => column * row * trialFactor < leastMatch);

/** Which errors the percentiles include, and which they leave out, in words. */
export function coversOf(samples: readonly BootstrapSample[], stayed: number): string {
  const diverged = samples.filter(({ status }) => status === "diverged").length,
    elsewhere = samples.length - stayed - diverged;
  return (
    "Columns, rows, trial factors, inputs, initial states and decoder, by refits from the fitted parameters on, " +
    "aligned with the fit: how they move with noise of the activity as the fit left it, trial by trial, as large as " +
    "it is in each and correlated as it is over time, neurons and the trials of a block; and what normal priors " +
    "smooth away, if the truth is as they say, since each refit draws their means; with the prior, its length, the " +
    "number of components and all other options as they are. " +
    `Of ${samples.length} refits ${stayed} are in the percentiles, ${elsewhere} ended in another solution, where a ` +
    `component agrees with that of the fit by less than ${leastMatch} (column times row times trial factor), and ` +
    `${diverged} diverged. ` +
    "Left out: that the model may be wrong or the fit in another solution than the truth, other solutions that a " +
    "new start might find, what the fit is off by whatever the noise, as where priors are not those of the truth, " +
    "where the prior of trial factors shrinks what rows read of rates that hardly vary, or where rows and columns " +
    "are told by few counts, what learned inputs and initial states can be traded for, and noise that blocks share " +
    "or whose sign matters."
  );
}
