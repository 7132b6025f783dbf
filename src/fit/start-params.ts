import { fail } from "../base";
import { kernelMean } from "../baselines";
import { isCustom, lossParamsOf } from "../losses";
import { mapParams, zeros, type Matrix, type Params, type Tensor3 } from "../tensor";
import { drawWeights } from "./draw-weights";
import type { FitProblem } from "./fit-problem";
import { inStandardUnit } from "./output-unit";
import { withoutPreparation, withPreparation } from "./preparation";
import { startFromMeans } from "./start-from-means";

type Parts = Omit<FitProblem, "start" | "description">;

/**
 * What draws the parameters of all parts from a seed. Where neurons are the units and inputs are learned, a start makes
 * the mean of every condition, and the weights over trials start at zero.
 */
export function startParams(where: string, problem: Parts): (seed: number) => Params {
  const { rank, units, inputs, trialFactors, initialStates, span, staticRank, decoder, loss, observed } = problem,
    sizes = { units, rank, staticRank, inputs: inputs.model.inputs, span },
    means = meanStart(where, problem);
  const draw = (seed: number) => {
    const factors = trialFactors.start(rank);
    const weights = drawWeights(sizes, seed);
    const parts: readonly Params[] = [
      weights,
      initialStates.start(seed, span === "columns" ? rank : units),
      means ? mapParams(factors, (data) => new Float64Array(data.length)) : factors,
      inputs.model.start(seed),
      decoder.start(seed),
      observed ? { filterGain: zeros([units, observed.shape[2]]) } : {},
      lossParamsOf(loss),
    ];
    checkNames(where, parts);
    return Object.assign({}, ...parts, means?.(weights.wIn)) as Params;
  };
  return draw;
}

/**
 * What makes the mean of every condition, given the input weights drawn: by inputs that may follow any course.
 * Undefined where neurons are not the units, or no such inputs are learned.
 */
function meanStart(where: string, problem: Parts) {
  const { decoder, inputs, initialStates, span } = problem,
    { flexible, sized } = inputs.model,
    perCondition = initialStates.start(0, 1).x0?.shape[0] === problem.conditionLabels.length;
  if (decoder.description.kind !== "identity" || !flexible || span !== "free" || !perCondition) return undefined;
  const { conditions, conditionLabels, setting, dt, preparation } = problem,
    recorded = withoutPreparation(problem.activity, preparation),
    train = withoutPreparation(problem.train, preparation),
    means = kernelMean(where, recorded, train, conditions, Number.POSITIVE_INFINITY),
    meansOfConditions = standardMeans(problem, firstOf(means, conditions, conditionLabels.length)),
    { first, count, near } = flexible,
    { wIn, u, ...start } = startFromMeans(
      heldBefore(meansOfConditions, preparation),
      count,
      dt / setting.tau,
      setting.phi,
    ),
    ofInputs = near(sized?.[first] ? timesSizes(u, wIn) : u);
  return (drawn: Matrix): Params => ({ ...start, ...ofInputs, wIn: withColumns(drawn, wIn, first) });
}

/**
 * Mean activity in the unit of rates: of counts, the outputs that expect them, with half a count in all trials for
 * none.
 */
function standardMeans({ standardized, loss, unit, activity }: Parts, means: Tensor3): Tensor3 {
  if (standardized) return means;
  const outputAt = isCustom(loss) ? undefined : loss.outputAt,
    least = 0.5 / activity.shape[0];
  const outputs = outputAt
    ? { shape: means.shape, data: means.data.map((mean) => outputAt(Math.max(mean, least))) }
    : means;
  return inStandardUnit(outputs, unit);
}

/** Courses that stay at their first value for so many bins before it. */
function heldBefore(x: Tensor3, bins: number): Tensor3 {
  const longer = withPreparation(x, bins),
    [rows, time, last] = longer.shape;
  for (let row = 0; row < rows; row++)
    for (let t = 0; t < bins; t++)
      longer.data.copyWithin((row * time + t) * last, (row * time + bins) * last, (row * time + bins + 1) * last);
  return longer;
}

/** Inputs times the root mean square of their weights: what they are where these have one of 1. */
function timesSizes(u: Tensor3, { shape: [units, inputs], data }: Matrix): Tensor3 {
  const squares = new Float64Array(inputs);
  for (let index = 0; index < data.length; index++) squares[index % inputs] += (data[index] * data[index]) / units;
  return { shape: u.shape, data: u.data.map((x, index) => Math.sqrt(squares[index % inputs]) * x) };
}

/** A matrix with some of its columns replaced, from `first` on. */
function withColumns({ shape, data }: Matrix, columns: Matrix, first: number): Matrix {
  const replaced = data.slice(),
    count = columns.shape[1];
  for (let index = 0; index < columns.data.length; index++)
    replaced[Math.floor(index / count) * shape[1] + first + (index % count)] = columns.data[index];
  return { shape, data: replaced };
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
