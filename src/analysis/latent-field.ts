import { checkWhole, fail, failingAs, type FieldsOf, provenance, type Provenance, readOptions, show } from "../base";
import type { Network } from "../models";
import { checkFinite, type Matrix, zerosFor } from "../tensor";
import { type AtOptions, atFields } from "./dynamics";
import { latentFlow } from "./latent-dynamics";

/** The range of a field in each of two dimensions. */
export type Extents = readonly [
  first: readonly [low: number, high: number],
  second: readonly [low: number, high: number],
];

/** Which latent dimensions, and how many points. */
export interface LatentFieldOptions extends AtOptions {
  /** which two latent variables; default the first two */
  readonly dimensions?: readonly number[] | undefined;
  /** points in each dimension; default 21 */
  readonly points?: number | undefined;
  /** values of all latent variables (rank); those of the two dimensions are not read; default 0 */
  readonly at?: readonly number[] | undefined;
}

const fields = () =>
  ({
    ...atFields,
    dimensions: { is: "list", of: { is: "whole number", least: 0 }, fallback: [0, 1] },
    points: { is: "whole number", least: 2, most: 10_000, fallback: 21 },
    at: { is: "list", of: { is: "number" } },
  }) as const satisfies FieldsOf<LatentFieldOptions>;

/** A vector field on two latent dimensions. Plain data. */
export interface LatentField {
  /** values of the first latent variable, one for each column of the matrices */
  readonly first: readonly number[];
  /** values of the second, one for each row */
  readonly second: readonly number[];
  /** dkappa/dt of the first (rows × columns) */
  readonly firstVelocity: Matrix;
  /** dkappa/dt of the second */
  readonly secondVelocity: Matrix;
  /** length of dkappa/dt in all latent dimensions: 0 at fixed points */
  readonly speed: Matrix;
  readonly provenance: Provenance;
}

/**
 * The vector field of a low-rank network's latent dynamics on two of its latent dimensions, under a constant input, to
 * draw it: all other latent variables have a fixed value.
 *
 * @param extents - [[low, high], [low, high]]
 * @throws {@link LtrnnError} when the network has full rank, a static part or rank 1, or dimensions and extents are not
 * pairs
 * @remarks O(points² · units · rank).
 * @see {@link latentDynamics}
 * @example latentField(LowRankRNN.random({ units: 50, inputs: 1, rank: 2 }, 1), [[-2, 2], [-1, 1]],
 * { points: 5 }).speed.shape // [5, 5]
 */
export function latentField(model: Network, extents: Extents, options?: LatentFieldOptions): LatentField {
  const where = "latentField",
    read = readOptions<LatentFieldOptions, ReturnType<typeof fields>>(where, options, fields()),
    { dimensions, points, trial, input } = read;
  return failingAs(where, () => {
    const flow = latentFlow(where, model, { trial, input });
    checkPair(where, dimensions, flow.rank);
    const [first, second] = axesOf(where, extents, points),
      kappa = valuesOf(where, read.at, flow.rank),
      firstVelocity = zerosFor(where, [points, points]),
      secondVelocity = zerosFor(where, [points, points]),
      speed = zerosFor(where, [points, points]);
    for (let row = 0, entry = 0; row < points; row++)
      for (let column = 0; column < points; column++, entry++) {
        kappa[dimensions[0]] = first[column];
        kappa[dimensions[1]] = second[row];
        const { velocity } = flow.at(kappa);
        firstVelocity.data[entry] = velocity[dimensions[0]];
        secondVelocity.data[entry] = velocity[dimensions[1]];
        speed.data[entry] = Math.sqrt(velocity.reduce((sum, v) => sum + v * v, 0));
      }
    checkFinite(where, "the speed", speed);
    return {
      first,
      second,
      firstVelocity,
      secondVelocity,
      speed,
      provenance: provenance(where, null, { ...read }, { extents: extents.map((pair) => [...pair]) }),
    };
  });
}

function checkPair(where: string, dimensions: readonly number[], rank: number): void {
  if (dimensions.length !== 2 || dimensions[0] === dimensions[1])
    fail(where, {
      expected: "dimensions to be two latent variables",
      got: dimensions.length > 4 ? show(dimensions) : `[${dimensions.join(", ")}]`,
      fix: "Pass two different whole numbers below the rank, such as [0, 1].",
    });
  if (rank < 2)
    fail(where, {
      expected: "a network of rank 2 or more",
      got: "rank 1",
      fix: "Use latentDynamics on a line of points.",
    });
  for (const dimension of dimensions) checkWhole(where, "each of dimensions", dimension, 0, rank - 1);
}

function axesOf(where: string, extents: Extents, points: number): readonly [number[], number[]] {
  const given: unknown = extents,
    pairs = Array.isArray(given) && given.length === 2 ? (given as unknown[]) : [];
  const isPair = (pair: unknown): pair is readonly [number, number] =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((x) => Number.isFinite(x)) &&
    (pair as number[])[0] < (pair as number[])[1] &&
    Number.isFinite((pair as number[])[1] - (pair as number[])[0]);
  const [p, q] = pairs;
  if (!isPair(p) || !isPair(q))
    return fail(where, {
      expected: "extents to be [[low, high], [low, high]], each low below its high",
      got: show(given),
      fix: "Pass such as [[-2, 2], [-2, 2]].",
    });
  const axis = ([low, high]: readonly [number, number]) =>
    Array.from({ length: points }, (_, k) => low + ((high - low) * k) / (points - 1));
  return [axis(p), axis(q)];
}

function valuesOf(where: string, at: readonly number[] | undefined, rank: number): Float64Array {
  if (at && at.length !== rank)
    fail(where, {
      expected: `at of length ${rank}, one value for every latent variable`,
      got: show(at.length),
      fix: "Pass one number for every component.",
    });
  return Float64Array.from(at ?? { length: rank }, (x) => (typeof x === "number" ? x : 0));
}
