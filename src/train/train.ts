import { fail, isCallable, provenance, readOptions, show, type FieldsOf } from "../base";
import { checkOptimizer, describeOptimizer, type Evaluation, type GradientTransform } from "../optim";
import { openThreads } from "../run";
import type { Params } from "../tensor";
import type { Pool } from "../threads";
import { bestTable, checkSameBest, describeBest, type BestOptions, type Looking } from "./best";
import { digestsOf } from "./describe-params";
import { descend, type Limits } from "./descend";
import type { AsyncObjective, Objective } from "./objective";
import type { Snapshot } from "./snapshot";
import { startOf, withoutTrained, type Start } from "./start";

/** How to train. */
export interface TrainOptions<P extends Params = Params> {
  /** default adam(1e-3), or the one that made the snapshot that is resumed */
  readonly optimizer?: GradientTransform;
  /** most updates in this call; default 1000 */
  readonly steps?: number;
  /** updates between snapshots; the first and the last state are always among them. Default 10 */
  readonly every?: number;
  /**
   * converged when the norm of the gradient is no larger; default 0. With 0, an objective with `steady: false` never
   * converges, since its steps differ
   */
  readonly tolerance?: number;
  /**
   * keeps the best parameters, by default by the validation loss, and ends the run when `patience` runs out; default
   * none
   */
  readonly best?: BestOptions<P>;
  /** stops the run, with status "aborted"; default none */
  readonly signal?: AbortSignal;
  /** threads that trials are split over; default 1. Workers end with the run. See docs/choose.md for when it pays */
  readonly threads?: number;
}

const table = {
  optimizer: { is: "checked", check: checkOptimizer },
  steps: { is: "whole number", least: 0, fallback: 1000 },
  every: { is: "whole number", least: 1, fallback: 10 },
  tolerance: { is: "number", least: 0, fallback: 0 },
  best: { is: "record", of: bestTable },
  signal: { is: "AbortSignal" },
  threads: { is: "whole number", least: 1, most: 1024, fallback: 1 },
} as const satisfies FieldsOf<TrainOptions>;

/**
 * Train by gradient descent, as a stream of snapshots: watch it, stop it, save it, resume it.
 *
 * Only parameters for which the objective gives gradients change. A run resumed from a snapshot gives the same bits as
 * one that was never stopped. It uses the snapshot's optimizer; only the learning rate may be changed. A run whose
 * numbers stop being finite ends with status "diverged" and the last finite parameters; where the first evaluation
 * overflows, with the first parameters and an infinite loss.
 *
 * To clip gradients, put `clipByNorm` before the optimizer in a `chain`; to stop early, leave the `for await` loop, or
 * set `tolerance` or `best.patience`; to log, do so in that loop. The loop over updates is `descend`.
 *
 * @param objective - the function to minimize; it may be asynchronous
 * @param start - parameters, or a snapshot of an earlier run
 * @throws {@link LtrnnError} for wrong options, a snapshot of another optimizer or objective, evaluations that do not
 * fit the parameters, and threads where the objective or the engine cannot have them
 * @example (await last(train(({ x }) => ({ loss: x.data[0] * x.data[0], gradients: { x: tensor([1],
 * [2 * x.data[0]]) } }), { x: tensor([1], [1]) }, { optimizer: sgd(0.25), steps: 2 }))).loss // 0.0625
 */
export async function* train<P extends Params, E extends Evaluation>(
  objective: Objective<P, E> | AsyncObjective<P, E>,
  start: P | Snapshot<P>,
  options?: TrainOptions<P>,
): AsyncGenerator<Snapshot<P, E>> {
  const {
    optimizer: named,
    threads,
    best,
    ...rest
  } = readOptions<TrainOptions, typeof table>("train", options as TrainOptions | undefined, table);
  const limits = { ...rest, best: best as Looking | undefined };
  checkObjective(objective);
  const { description } = objective,
    from = startOf(start, named, description);
  checkSameBest(limits.best, from.best);
  const labels = labelsOf(from, withoutTrained(description, from.params), { ...limits, threads });
  const pool = threads === 1 ? undefined : openThreads("train", threads, limits.signal);
  try {
    const { steady } = objective,
      evaluate = pool ? split(objective, pool) : objective;
    const seen = [...(from.curve?.steps ?? [])],
      losses = [...(from.curve?.losses ?? [])];
    for await (const { state, ...ended } of descend(evaluate, from, { ...limits, steady })) {
      // the first of a resumed run, and the last of one that diverged, have the step of the one before
      const row = seen[seen.length - 1] === state.step ? seen.length - 1 : seen.length;
      seen[row] = state.step;
      losses[row] = state.loss;
      const curve = ended.status === "running" ? {} : { curve: { steps: seen, losses } };
      yield { ...state, ...ended, ...curve, ...labels };
    }
  } finally {
    await pool?.close();
  }
}

/** The fields that are the same in every snapshot of a run. */
function labelsOf<P extends Params>(
  { optimizer, step, params, resumed }: Start<P>,
  objective: Snapshot["objective"],
  { steps, every, tolerance, threads, best }: Omit<Limits, "steady"> & { readonly threads: number },
): Pick<Snapshot, "optimizer" | "objective" | "provenance"> {
  const description = describeOptimizer(optimizer);
  const options = {
      optimizer: description,
      steps,
      every,
      tolerance,
      threads,
      ...(best ? { best: describeBest(best) } : {}),
    },
    facts = { objective, start: digestsOf(params), resumedAt: resumed ? step : null };
  return { optimizer: description, objective, provenance: provenance("train", null, options, facts) };
}

function checkObjective(objective: unknown): void {
  if (!isCallable(objective))
    fail("train", {
      expected: "objective to be a function (params, step) => { loss, gradients }",
      got: show(objective),
      fix: "Pass what networkObjective gives, or a custom function.",
    });
}

function split<P extends Params, E extends Evaluation>(
  objective: Objective<P, E> | AsyncObjective<P, E>,
  pool: Pool,
): AsyncObjective<P, E> {
  if ("onThreads" in objective && objective.onThreads) return objective.onThreads(pool);
  return fail("train", {
    expected: "an objective that can be split over threads, such as networkObjective makes",
    got: "one that cannot: a custom one, a trajectoryObjective or a ruleObjective",
    fix: "Leave threads out.",
  });
}
