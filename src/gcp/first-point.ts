import { fail, log, pow } from "../base";
import { scaledStart, type NamedStart } from "../decompose";
import { inUnit, timesPowerOfTwo } from "../factored";
import type { GcpLoss } from "./gcp-loss";
import type { GcpProblem } from "./gcp-problem";
import { drawnStart, type GcpPoint } from "./gcp-start";

/** Smallest size of a component of a start, relative to the largest: one that starts at zero would stay there. */
const least = 1e-3;

/**
 * A start by name: random, or singular vectors of the data on the scale of the model, with weights by least squares,
 * spread evenly over the modes and clipped to the bounds.
 */
export function firstPoint(where: string, kind: NamedStart, problem: GcpProblem, seed: number): GcpPoint {
  if (kind === "random") return drawnStart(problem, seed);
  const { x, mask, loss, rank, bounds } = problem,
    modelAt = scaleOf(where, kind, loss),
    target = { shape: x.shape, data: x.data.map((value, i) => (mask?.data[i] === 0 ? 0 : modelAt(value))) },
    { x: inside, unit } = inUnit(where, target, mask),
    { weights, factors } = scaledStart(kind, inside, rank, seed, { mask }),
    sizes = weights.data.map((weight) => timesPowerOfTwo(Math.abs(weight), unit)),
    floor = least * sizes.reduce((most, size) => Math.max(most, size), 0),
    variables = new Float64Array(bounds.lower.length);
  let to = 0;
  factors.forEach(({ data }, mode) => {
    data.forEach((value, i) => {
      const sign = mode === 0 && weights.data[i % rank] < 0 ? -1 : 1;
      variables[to + i] = sign * value * pow(Math.max(floor, sizes[i % rank]), 1 / factors.length);
    });
    to += data.length;
  });
  return { variables: variables.map((value, i) => Math.min(bounds.upper[i], Math.max(bounds.lower[i], value))) };
}

/**
 * The entry of the model whose expected value is about this entry of the data: half a count keeps logarithms and odds
 * finite.
 */
function scaleOf(where: string, kind: NamedStart, { name, description, mean }: GcpLoss): (x: number) => number {
  switch (description?.kind) {
    case "poissonLog":
      return (x) => log(x + 0.5);
    case "bernoulli":
      return (x) => (x + 0.5) / (1.5 - x);
    case "bernoulliLogit":
      return (x) => log((x + 0.5) / (1.5 - x));
    case "negativeBinomial": {
      const { failures } = description;
      return (x) => x / failures;
    }
  }
  if (description === undefined && mean !== undefined)
    fail(where, {
      expected: `a start at random, or factors, for the custom loss ${name}, whose model is not on the scale of x`,
      got: `"${kind}"`,
      fix: "Pass startCp of the data on the scale of the model as start.",
    });
  return (x) => x;
}
