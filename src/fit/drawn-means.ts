import type { Random } from "../base";
import { normalPrecisions, pick } from "../parts";
import { mapParams, type Params, type Tensor } from "../tensor";
import type { FitProblem } from "./fit-problem";
import { partsWithEnergies } from "./penalties";

/**
 * Standard deviations that the priors of a problem give its parameters, where they are independent and normal; 0 where
 * nothing is assumed. Parameters whose prior is of another form are left out.
 */
export function priorDeviations(problem: FitProblem, params: Params): Params {
  const precisions = partsWithEnergies(problem).map(([{ prior }, names]) =>
    prior ? normalPrecisions(prior, pick(params, names)) : {},
  );
  return mapParams(Object.assign({}, ...precisions) as Params, (data) =>
    data.map((precision) => (precision > 0 ? 1 / Math.sqrt(precision) : 0)),
  );
}

/**
 * Means of priors for a refit: the fitted parameters, each off by a draw of its own prior. To refit data that were
 * drawn about the prediction with priors about these is to draw from the posterior where the model is linear and noise
 * normal ("randomize then optimize"); and where the noise that weighs the priors is not that of the data, refits still
 * spread about the fit as the fit does about truths that the priors draw.
 */
export const drawnMeans = (deviations: Params, params: Params, random: Random): Params =>
  mapParams(deviations, (sizes, name) => {
    const { data } = params[name] as Tensor;
    return data.map((x, i) => x + (sizes[i] > 0 ? sizes[i] * random.normal() : 0));
  });
