import { failingAs, type FieldsOf, provenance, type Provenance, random, readOptions, type Status } from "../base";
import type { Network } from "../models";
import { checkSameShape, finiteMatrix, lengthOf, type Matrix, type Vector } from "../tensor";
import { type Found, leastSquares } from "./least-squares";
import { atFields, checkTrial, type Dynamics, dynamicsOf } from "./dynamics";
import { describePoint, type FixedPoint } from "./fixed-point";
import { type ReducedFlow, reducedFlow } from "./reduced-flow";

/** Where to look for fixed points, and how. */
export interface FixedPointOptions {
  /** which trial's weights, for networks whose weights differ between trials; default 0 */
  readonly trial?: number | undefined;
  /** u (inputs), held constant; default none */
  readonly input?: Vector | undefined;
  /** random states to begin at; default 100 */
  readonly starts?: number;
  /** of the random starts; default 0 */
  readonly seed?: number;
  /** more states to begin at (points × units), such as some of a simulation; default none */
  readonly from?: Matrix | undefined;
  /** the typical size of a unit's state: random starts are from an eighth to eight times as large. Default 1 */
  readonly spread?: number;
  /** the length of tau dx/dt that counts as zero, relative to that of a state of typical size; default 1e-10 */
  readonly tolerance?: number;
  /**
   * fixed points nearer than this, relative to the length of a state, count as one; so do slow points nearer than its
   * square root. Default 1e-6
   */
  readonly separation?: number;
  /** most steps of a search; default 300 */
  readonly steps?: number;
}

const fields = () =>
  ({
    ...atFields,
    starts: { is: "whole number", least: 0, most: 1_000_000, fallback: 100 },
    seed: { is: "seed", fallback: 0 },
    from: { is: "checked", check: finiteMatrix },
    spread: { is: "number", above: 0, fallback: 1 },
    tolerance: { is: "number", above: 0, below: 1, fallback: 1e-10 },
    separation: { is: "number", above: 0, below: 1, fallback: 1e-6 },
    steps: { is: "whole number", least: 1, most: 1_000_000, fallback: 300 },
  }) as const satisfies FieldsOf<FixedPointOptions>;

/** A point, and the number of starts that reached it. */
export interface ReachedPoint extends FixedPoint {
  readonly reached: number;
}

/** The result of a search for fixed points. Plain data. */
export interface FixedPoints {
  /** "converged" where a fixed point was found, else "exhausted": then there may be none */
  readonly status: Status;
  /** fixed points, those with the fewest growing directions first, smaller states first among equals */
  readonly points: readonly ReachedPoint[];
  /** other minima of the speed, slowest first: trajectories slow down near them */
  readonly slowPoints: readonly ReachedPoint[];
  /** how the searches ended */
  readonly searches: { readonly fixed: number; readonly slow: number; readonly exhausted: number };
  readonly provenance: Provenance;
}

/**
 * Fixed points of a network under a constant input, by minimizing its speed `q(x) = |dx/dt|² / 2` from many random
 * states: stable states, saddles between them, and slow points. It tends to find fixed points with a large basin of
 * this minimization, and may miss others; {@link allFixedPoints} misses none, where the activation is piecewise linear.
 *
 * Different tau of units change the stability of fixed points, but not where they are; slow points are then local
 * minima of |tau dx/dt|. Custom activations are searched too.
 *
 * Networks of low rank are searched in the affine subspace `A kappa + W_in u + b`, which holds all their fixed points.
 *
 * @throws {@link LtrnnError} when the model is not a network, there is no such trial, or sizes disagree
 * @remarks O(starts · steps · (units · rank² + rank³)), rank = units for full rank. A line of fixed points is found as
 * many "marginal" points.
 * @see Sussillo & Barak (2013), Opening the black box: low-dimensional dynamics in high-dimensional recurrent neural
 * networks, Neural Computation 25
 * @example fixedPoints(LowRankRNN.random({ units: 20, inputs: 1, rank: 1, gain: 0.5 }, 1),
 * { starts: 20 }).points[0].stability // "stable"
 */
export function fixedPoints(model: Network, options?: FixedPointOptions): FixedPoints {
  const where = "fixedPoints",
    { input, ...read } = readOptions<FixedPointOptions, ReturnType<typeof fields>>(where, options, fields());
  return failingAs(where, () => {
    const dynamics = dynamicsOf(where, model, input),
      { trial, from, spread, tolerance, separation, steps } = read;
    checkTrial(where, model, trial);
    if (from) checkSameShape(where, "from", from, [from.shape[0], model.units]);
    const flow = reducedFlow(dynamics, trial),
      typical = spread * Math.sqrt(dynamics.units);
    const ends = startsOf(dynamics, flow, read).map((start) => leastSquares(flow, start, tolerance * typical, steps));
    const gathered = (kind: Found["kind"]) =>
      distinct(
        dynamics,
        flow,
        trial,
        ends.filter((end) => end.kind === kind),
        kind === "zero" ? separation : Math.sqrt(separation), // minima are located less precisely than zeros
        typical,
      );
    const points = gathered("zero").sort(
      (p, q) => p.unstable - q.unstable || lengthOf(p.state.data) - lengthOf(q.state.data),
    );
    const count = (kind: Found["kind"]) => ends.filter((end) => end.kind === kind).length;
    return {
      status: points.length > 0 ? "converged" : "exhausted",
      points,
      slowPoints: gathered("minimum").sort((p, q) => p.speed - q.speed),
      searches: { fixed: count("zero"), slow: count("minimum"), exhausted: count("exhausted") },
      provenance: provenance(
        where,
        read.seed,
        { ...read, from: undefined, input },
        { units: dynamics.units, given: from?.shape[0] ?? 0 },
      ),
    };
  });
}

/** Coordinates to begin at: given states, and random ones of sizes from an eighth to eight times the typical. */
function startsOf(
  { units }: Dynamics,
  flow: ReducedFlow,
  { starts, seed, from, spread }: { starts: number; seed: number; from?: Matrix | undefined; spread: number },
): Float64Array[] {
  const stream = random(seed, "fixed points");
  const given = Array.from({ length: from?.shape[0] ?? 0 }, (_, row) =>
    flow.coordinatesOf((from as Matrix).data.subarray(row * units, (row + 1) * units)),
  );
  const drawn = Array.from({ length: starts }, () => {
    const octave = 6 * stream.uniform() - 3,
      whole = Math.floor(octave);
    // between powers of two, linear in between: about uniform in the logarithm
    const size = spread * (whole < 0 ? 1 / (1 << -whole) : 1 << whole) * (1 + octave - whole);
    const scale = size * Math.sqrt(units / Math.max(1, flow.size));
    return Float64Array.from({ length: flow.size }, () => scale * stream.normal());
  });
  return [...given, ...drawn];
}

/** Points farther from each other than the separation, each with the number of starts that reached it. */
function distinct(
  dynamics: Dynamics,
  flow: ReducedFlow,
  trial: number,
  ends: readonly Found[],
  separation: number,
  typical: number,
): ReachedPoint[] {
  const kept: { readonly end: Found; reached: number }[] = [];
  for (const end of ends) {
    const near = kept.find(
      ({ end: { z } }) => lengthOf(z.map((x, i) => x - end.z[i])) <= separation * Math.max(typical, lengthOf(z)),
    );
    if (near) near.reached++;
    else kept.push({ end, reached: 1 });
  }
  return kept.map(({ end: { z, length }, reached }) => {
    const speed = speedOf(dynamics, flow, z, length);
    return { ...describePoint(dynamics, trial, flow.stateOf(z), speed), reached };
  });
}

/** |dx/dt|² / 2 of coordinates z, at which tau dx/dt has this length. */
function speedOf(
  { tau, taus, units }: Dynamics,
  { size, basis, velocity }: ReducedFlow,
  z: Float64Array,
  length: number,
) {
  if (tau !== undefined) return ((length / tau) * (length / tau)) / 2;
  const f = velocity(z, new Float64Array(size));
  let squares = 0;
  for (let i = 0; i < units; i++) {
    let x = 0;
    if (!basis) x = f[i];
    else for (let k = 0; k < size; k++) x += basis.data[i * size + k] * f[k];
    squares += (x / taus[i]) * (x / taus[i]);
  }
  return squares / 2;
}
