import { halving, random, square, type Status } from "../base";
import { satisfying, sizedStart, undoSweep, uprightModes, type CpConstraint, type Extrapolation } from "../decompose";
import { cancels, canonicalForm, cpOf, type Cp } from "../factored";
import type { Matrix, Tensor } from "../tensor";
import { coupledAhead, firstMemory, kept } from "./coupled-extrapolation";
import type { CoupledOptions } from "./coupled-options";
import { coupledPlan, type CoupledPlan } from "./coupled-plan";
import type { CoupledModel, CoupledSwept } from "./coupled-problem";
import type { CoupledCpResult } from "./coupled-result";

/**
 * CP decompositions of several tensors, such as sessions or areas, that share the factor of one mode: each has factors
 * of its own in its other modes, of any number and size, and weights of its own (coupled matrix and tensor
 * factorization).
 *
 * It minimizes the weighted mean of the squared relative errors of the tensors by alternating least squares, so that a
 * large recording does not drown a small one; without constraints it never rises, and sweeps that crawl are
 * extrapolated along their last change.
 *
 * @param tensors - two modes or more each, finite where observed
 * @param shared - the mode of each tensor that is shared; it has the same size in all
 * @throws {@link LtrnnError} when sizes of the shared mode differ, the rank does not fit, or an option is refused
 * @remarks O(sweeps · entries of all tensors · rank).
 * @see Acar, Kolda & Dunlavy (2011), All-at-once optimization for coupled matrix and tensor factorizations, KDD MLG
 * @example coupledCp([tensor([2, 1], [3, 4]), tensor([1, 2], [6, 8])], [0, 1], 1).shared.data
 * // Float64Array [0.6, 0.8], up to rounding
 */
export function coupledCp(
  tensors: readonly Tensor[],
  shared: readonly number[],
  rank: number,
  options: CoupledOptions = {},
): CoupledCpResult {
  const plan = coupledPlan("coupledCp", tensors, shared, rank, options);
  let end: CoupledCpResult | undefined;
  for (const state of run(plan)) end = state;
  return end as CoupledCpResult;
}

/**
 * The stepwise form of {@link coupledCp}: it yields after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as coupledCp
 * @example [...coupledCpSweeps([tensor([2, 2], [1, 2, 3, 4])], [0], 1, { sweeps: 2, starts: 1 })].length // 2
 */
export function coupledCpSweeps(
  tensors: readonly Tensor[],
  shared: readonly number[],
  rank: number,
  options: CoupledOptions = {},
): Generator<CoupledCpResult> {
  return run(coupledPlan("coupledCpSweeps", tensors, shared, rank, options));
}

interface Runner {
  model: CoupledModel;
  memory: Extrapolation;
  swept?: CoupledSwept;
  readonly trace: number[];
  steps: number;
  score: number;
  done: boolean;
}

/** Sweep every start for a round and leave the worse half behind, until one is left. */
function* run(plan: CoupledPlan): Generator<CoupledCpResult> {
  const { starts, sweeps } = plan,
    runners = Array.from({ length: starts }, (_, i): Runner => {
      const model = startOf(plan, i);
      return { model, memory: firstMemory(model), trace: [], steps: 0, score: Infinity, done: false };
    });
  const turns = halving(runners, { round: Math.min(30, sweeps), most: sweeps });
  let pending: Runner | undefined; // the last one left has swept, and whether it goes on is not known yet
  for (let turn = turns.next(); ; turn = turns.next()) {
    if (turn.done) {
      yield resultOf(plan, turn.value, runners, true);
      return;
    }
    if (pending) yield resultOf(plan, pending, runners, false);
    const { racer, alive } = turn.value;
    step(plan, racer);
    pending = alive.length === 1 ? racer : undefined;
    if (!pending)
      yield resultOf(
        plan,
        alive.reduce((p, q) => (q.score < p.score ? q : p)),
        runners,
        false,
      );
  }
}

/** A sweep, from further along the last change where sweeps crawl; one that raises the error is undone. */
function step(plan: CoupledPlan, runner: Runner): void {
  const { model, memory, score } = runner,
    ahead = plan.accelerate ? coupledAhead(model, memory) : undefined,
    swept = plan.sweep(ahead ?? model),
    drop = score - swept.relativeError;
  runner.steps++;
  if (ahead ? !(drop > 0) : plan.monotone && drop < 0) {
    if (ahead) runner.memory = undoSweep(memory);
    else runner.done = true; // rounding: the model before stands
    runner.trace.push(score);
    return;
  }
  const { imputes } = plan;
  runner.memory = kept(memory, model, swept, { drop, isExtrapolated: ahead !== undefined, imputes });
  runner.swept = swept;
  runner.model = swept;
  runner.score = swept.relativeError;
  runner.trace.push(swept.relativeError);
  runner.done = swept.relativeError === 0 || Math.abs(drop) <= plan.tolerance;
}

function startOf({ data, rank, seed, given, constraints, size }: CoupledPlan, index: number): CoupledModel {
  if (given) return given;
  const draw = (rows: number, name: string): Matrix => ({
    shape: [rows, rank],
    data: Float64Array.from({ length: rows * rank }, random(seed + index, name).normal),
  });
  const [common] = satisfying([draw(size, "coupled start, shared")], [constraints.shared]);
  return {
    factors: data.map(({ x, norm }, i) =>
      sizedStart(
        [...x.shape.slice(0, -1).map((rows, mode) => draw(rows, `coupled start, tensor ${i}, mode ${mode}`)), common],
        x.shape.slice(0, -1).map(() => constraints.own),
        norm,
      ),
    ),
  };
}

/**
 * Unit columns, components sorted by their squared weights, the largest entry of a shared column positive, unless a
 * constraint holds for one sign alone.
 */
function resultOf(plan: CoupledPlan, runner: Runner, runners: readonly Runner[], ended: boolean): CoupledCpResult {
  const { factors, errors, relativeError, singular } = runner.swept as CoupledSwept,
    { where, rank, shared, units } = plan,
    common = factors[0][factors[0].length - 1],
    [size] = common.shape;
  const lengths = new Float64Array(rank),
    largest = new Float64Array(rank);
  common.data.forEach((value, i) => {
    lengths[i % rank] += value * value;
    if (Math.abs(value) > Math.abs(largest[i % rank])) largest[i % rank] = value;
  });
  const keeps = (constraint: CpConstraint | undefined) => uprightModes([constraint]).length > 0,
    stays = keeps(plan.constraints.shared) || keeps(plan.constraints.own),
    scales = lengths.map((squares, r) => Math.sqrt(squares) * (largest[r] < 0 && !stays ? -1 : 1)),
    unit: Matrix = { shape: [size, rank], data: common.data.map((value, i) => value / (scales[i % rank] || 1)) };
  const models = factors.map((list, i) => {
    const own = [...list.slice(0, -1)],
      ordered = [...own.slice(0, shared[i]), unit, ...own.slice(shared[i])],
      upright = keeps(plan.constraints.own) ? [...ordered.keys()] : [];
    return canonicalForm(where, cpOf(ordered, scales), [shared[i]], new Array<number>(rank).fill(units[i]), upright);
  });
  const sizes = scales.map((_, r) =>
      models.reduce(
        (sum, { weights }, i) => sum + plan.data[i].weight * square(weights.data[r] / (plan.norms[i] || 1)),
        0,
      ),
    ),
    order = Array.from(sizes, (_, r) => r).sort((r, s) => sizes[s] - sizes[r]),
    sort = (f: Matrix): Matrix => ({
      shape: f.shape,
      data: f.data.map((_, i) => f.data[i - (i % rank) + order[i % rank]]),
    });
  const sorted = sort(unit),
    cancelling = models.some((model: Cp) => cancels(model)),
    status: Status = !ended
      ? "running"
      : singular || cancelling
        ? "degenerate"
        : runner.done
          ? "converged"
          : "exhausted";
  return {
    shared: sorted,
    models: models.map(({ weights, factors: list }, i) => ({
      weights: { shape: weights.shape, data: Float64Array.from(order, (r) => weights.data[r]) },
      factors: list.map((f, mode) => (mode === shared[i] ? sorted : sort(f))),
    })),
    relativeError,
    errors,
    trace: [...runner.trace],
    sweeps: runner.trace.length,
    status,
    starts: runners.length > 1 ? runners.map(({ score }) => score) : [],
    provenance: plan.provenance,
  };
}
