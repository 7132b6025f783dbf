import { failingAs, type FieldsOf, provenance, type Provenance, readOptions, type Status } from "../base";
import type { Network } from "../models";
import type { Vector } from "../tensor";
import { type AtOptions, atFields, checkTrial, dynamicsOf } from "./dynamics";
import { describePoint, type FixedPoint } from "./fixed-point";
import { type Piecewise, piecewiseOf, stateAt } from "./piecewise";
import { type RestPoint, type RestPoints, restPoints, workOf } from "./rest-points";

/** Where to look for all fixed points, and how long. */
export interface AllFixedPointsOptions extends AtOptions {
  /** most regions visited and linear systems solved; default 2e8, about a minute */
  readonly budget?: number | undefined;
}

export const budgetField = { is: "number", above: 0, fallback: 2e8 } as const;

const fields = () => ({ ...atFields, budget: budgetField }) as const satisfies FieldsOf<AllFixedPointsOptions>;

/** A piece of a line, plane … of fixed points, in one linear region. */
export interface Continuum {
  /** 1 for a line */
  readonly dimension: number;
  /** one of its states (units) */
  readonly state: Vector;
  /** units above 0 in its region */
  readonly active: readonly number[];
}

/** All fixed points of a network. Plain data. */
export interface AllFixedPoints {
  /** "converged" where every region was searched; "exhausted" where that would exceed the budget: then none was */
  readonly status: Status;
  /** what to do, where the status is not "converged" */
  readonly because?: string;
  /** every isolated fixed point, nearest to W_in u + b first */
  readonly points: readonly FixedPoint[];
  /** lines, planes … of fixed points, one entry for each region that they cross */
  readonly continua: readonly Continuum[];
  /** linear regions that were searched */
  readonly regions: number;
  readonly provenance: Provenance;
}

/**
 * All fixed points of a network under a constant input, exactly, where the activation is linear below 0 and linear
 * above 0 (relu, identity): fixed points lie in the affine subspace `A kappa + W_in u + b`, whose dimension is the rank
 * of the weights, and N units cut it into at most `sum_k binomial(N, k), k <= rank` regions, not 2^N. In each region
 * they solve one linear system of the size of the rank.
 *
 * @throws {@link LtrnnError} when the activation is of another kind, there is no such trial, or sizes disagree
 * @remarks O(units^rank): 0.1 s for 200 units and rank 2, some seconds for rank 3; full rank is for up to about 18
 * units.
 * @see docs/theory.md, Fixed points; Eisenmann, Monfared, Göring & Durstewitz (2023), Bifurcations and loss jumps in
 * RNN training, NeurIPS 36; Pals, Sağtekin, Pei, Gloeckler & Macke (2024), Inferring stochastic low-rank recurrent
 * neural networks from neural data, NeurIPS 37
 * @example allFixedPoints(LowRankRNN.random({ units: 30, inputs: 1, rank: 2, phi: "relu" }, 1), { input: tensor([1],
 * [1]) }).points.length // 1
 */
export function allFixedPoints(model: Network, options?: AllFixedPointsOptions): AllFixedPoints {
  const where = "allFixedPoints",
    { trial, input, budget } = readOptions<AllFixedPointsOptions, ReturnType<typeof fields>>(where, options, fields());
  return failingAs(where, () => {
    const dynamics = dynamicsOf(where, model, input);
    checkTrial(where, model, trial);
    const problem = piecewiseOf(where, dynamics, dynamics.activation, [trial]),
      origin = provenance(where, null, { trial, input, budget }, { units: dynamics.units, dimension: problem.size });
    if (workOf(problem) > budget) return { ...exhausted(problem, budget), provenance: origin };
    const { trials, regions } = restPoints(problem);
    return { status: "converged", ...describeAll(problem, trial, trials[0]), regions, provenance: origin };
  });
}

/** The message where a search would take too long. */
export function exhausted(problem: Piecewise, budget: number) {
  const { count, dimension } = problem.planes;
  return {
    status: "exhausted" as const,
    because:
      `${count} units cut ${dimension} dimensions into more regions than can be searched with a budget of ${budget}: ` +
      `${workOf(problem).toPrecision(3)} would do. Search with fixedPoints instead, or lower the rank.`,
    points: [],
    continua: [],
    regions: 0,
  };
}

/** Fixed points and continua of a trial, with all their properties. */
export function describeAll(problem: Piecewise, trial: number, { points, continua }: RestPoints) {
  return {
    points: points.map((point) => describeRest(problem, trial, point)),
    continua: continua.map(({ dimension, z, sides }): Continuum => {
      const data = stateAt(problem, z);
      return {
        dimension,
        state: { shape: [data.length], data },
        active: [...problem.unitOf].filter((_, k) => sides[k] === 1),
      };
    }),
  };
}

export const describeRest = (problem: Piecewise, trial: number, { z, on }: RestPoint): FixedPoint =>
  describePoint(
    problem.dynamics,
    trial,
    stateAt(problem, z),
    0,
    on.map((k) => problem.unitOf[k]),
  );
