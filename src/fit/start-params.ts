import { fail } from "../base";
import { kernelMean } from "../baselines";
import { isCustom } from "../losses";
import { mapParams, zeros, type Params, type Tensor3 } from "../tensor";
import { drawWeights } from "./draw-weights";
import type { FitProblem } from "./fit-problem";
import { inStandardUnit } from "./output-unit";
import { startFromMeans } from "./start-from-means";

type Parts = Omit<FitProblem, "start" | "description">;

/**
 * What draws the parameters of all parts from a seed. Where neurons are the units and inputs are learned, a start makes
 * the mean of every condition, and the weights over trials start at zero.
 */
export function startParams(where: string, problem: Parts): (seed: number) => Params {
  const { rank, units, inputs, trialFactors, initialStates, span, staticRank, decoder, loss } = problem,
    sizes = { units, rank, staticRank, inputs: inputs.model.inputs, span },
    means = meanStart(where, problem);
  const draw = (seed: number) => {
    const factors = trialFactors.start(rank);
    const parts: readonly Params[] = [
      drawWeights(sizes, seed),
      initialStates.start(seed, span === "columns" ? rank : units),
      means ? mapParams(factors, (data) => new Float64Array(data.length)) : factors,
      inputs.model.start(seed),
      decoder.start(seed),
      isCustom(loss) ? loss.params : {},
    ];
    checkNames(where, parts);
    return Object.assign({}, ...parts, means) as Params;
  };
  return draw;
}

/**
 * A start that makes the mean of every condition; undefined where neurons are not the units, or inputs are not learned
 * by condition.
 */
function meanStart(where: string, problem: Parts) {
  const { decoder, inputs, initialStates, span } = problem,
    learned = inputs.model.description.kind === "conditionInputs" && span === "free",
    perCondition = initialStates.start(0, 1).x0?.shape[0] === problem.conditionLabels.length;
  if (decoder.description.kind !== "identity" || !learned || !perCondition) return undefined;
  const { conditions, conditionLabels, train, setting, dt, activity } = problem,
    means = kernelMean(where, activity, train, conditions, Number.POSITIVE_INFINITY),
    meansOfConditions = firstOf(means, conditions, conditionLabels.length);
  return startFromMeans(standardMeans(problem, meansOfConditions), inputs.model.inputs, dt / setting.tau, setting.phi);
}

/** Mean activity in the unit of rates: of counts, the outputs that expect them, with half a count in all trials for none. */
function standardMeans({ standardized, loss, unit, activity }: Parts, means: Tensor3): Tensor3 {
  if (standardized) return means;
  const outputAt = isCustom(loss) ? undefined : loss.outputAt,
    least = 0.5 / activity.shape[0];
  const outputs = outputAt
    ? { shape: means.shape, data: means.data.map((mean) => outputAt(Math.max(mean, least))) }
    : means;
  return inStandardUnit(outputs, unit);
}

/** One row per condition: that of its first trial, since all its trials have one prediction. */
function firstOf(means: Tensor3, rows: readonly number[], count: number): Tensor3 {
  const [, time, units] = means.shape,
    perCondition = zeros([count, time, units]),
    size = time * units;
  for (let row = 0; row < count; row++) {
    const first = rows.indexOf(row) * size;
    perCondition.data.set(means.data.subarray(first, first + size), row * size);
  }
  return perCondition;
}

/** Parts have their parameters in one record, by their names. */
function checkNames(where: string, parts: readonly Params[]): void {
  const names = parts.flatMap((part) => Object.keys(part)),
    twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    fail(where, {
      expected: "parameters of different names in all parts of the fit",
      got: `${twice} in two of them`,
      fix: "Rename the parameter of the custom part, loss or head.",
    });
}
