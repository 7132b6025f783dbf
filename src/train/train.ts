import { checkAbove, checkWhole, fail, provenance, type Provenance } from "../base";
import { adam, applyUpdates, type Transform } from "../optim";
import { openThreads } from "../rnn";
import { indexOf, paramsNorm, type Params } from "../tensor";
import type { Pool } from "../threads";

/** A loss at some parameters, with the gradients in those to be trained; it may carry more, which the snapshot passes on. */
export interface Evaluation {
  readonly loss: number;
  readonly gradients: Params;
}

/** What is to be made small: parameters in, loss and gradients out. `step` counts the updates made, for tasks that change as training goes. */
export interface Objective<P extends Params = Params, E extends Evaluation = Evaluation> {
  (params: P, step: number): E;
  /** the same on the threads of a pool, for an objective that can be split; absent: it cannot */
  readonly onThreads?: (pool: Pool) => AsyncObjective<P, E>;
}

/** An {@link Objective} whose answer takes a while. */
export type AsyncObjective<P extends Params = Params, E extends Evaluation = Evaluation> = (
  params: P,
  step: number,
) => Promise<E>;

/** How a run stands. */
export type TrainStatus = "running" | "converged" | "diverged" | "exhausted" | "aborted";

/** Progress report, result and checkpoint in one. Plain data, as far as the evaluation is. */
export interface Snapshot<P extends Params = Params, E extends Evaluation = Evaluation> {
  /** updates made so far */
  readonly step: number;
  /** at params */
  readonly loss: number;
  /** Euclidean norm over the gradients of all trained parameters, at params */
  readonly gradientNorm: number;
  readonly params: P;
  /** the optimizer's */
  readonly memory: unknown;
  /** what the objective gave at params: what an observer of learning reads */
  readonly evaluation: E;
  readonly status: TrainStatus;
  readonly provenance: Provenance;
}

export interface TrainOptions {
  readonly optimizer?: Transform;
  /** updates to make at most, in this call */
  readonly steps?: number;
  /** updates between snapshots; the first and the last are always given */
  readonly every?: number;
  /** converged when the gradient's norm is no larger */
  readonly tolerance?: number;
  /** stops the run, with status "aborted" */
  readonly signal?: AbortSignal;
  /** threads that trials are split over; default 1. Workers end with the run. See docs/choose.md for when it pays */
  readonly threads?: number;
}

/** What to do after a run that ended so. */
export function advice(status: TrainStatus): string {
  return {
    running: "The run goes on: ask the generator for its next step.",
    converged: "The gradient is as small as was asked for.",
    exhausted:
      "Steps ran out before the tolerance was met: resume from the last snapshot with more steps, or accept the loss.",
    diverged:
      "The loss stopped being finite: start again with a smaller learning rate, or clip gradients with clipByNorm.",
    aborted: "Stopped by the signal: resume from the last snapshot.",
  }[status];
}

/**
 * Train by gradient descent, as a stream of snapshots: watch it, stop it, save it, resume it.
 *
 * Only parameters for which the objective gives gradients change. Resuming from a snapshot continues to the same bits as a run never stopped.
 *
 * @param objective - what is to be made small; it may be asynchronous
 * @param start - parameters, or a snapshot of an earlier run
 * @throws {@link LtrnnError} where threads are wanted of an objective or an engine that cannot have them, from the objective, and when gradients and parameters disagree; a loss that stops being finite is the status "diverged"
 * @example (await last(train(({ x }) => ({ loss: x.data[0] ** 2, gradients: { x: tensor([1], [2 * x.data[0]]) } }), { x: tensor([1], [1]) }, { optimizer: sgd(0.25), steps: 2 }))).loss // 0.0625
 */
export async function* train<P extends Params, E extends Evaluation>(
  objective: Objective<P, E> | AsyncObjective<P, E>,
  start: P | Snapshot<P, E>,
  { optimizer = adam(1e-3), steps = 1000, every = 10, tolerance = 0, signal, threads = 1 }: TrainOptions = {},
): AsyncGenerator<Snapshot<P, E>> {
  checkWhole("train", "steps", steps, 0);
  checkWhole("train", "every", every, 1);
  checkAbove("train", "tolerance", tolerance, 0, true);
  const resumed = isSnapshot(start);
  const first = resumed ? start.step : 0;
  const made = provenance("train", null, {
    optimizer: optimizer.name,
    steps,
    every,
    tolerance,
    threads,
    resumedAt: resumed ? first : null,
  });
  let params: P = resumed ? start.params : start;
  let memory: unknown = resumed ? start.memory : undefined;
  let breath = performance.now();
  const pool = threads === 1 ? undefined : await openThreads("train", threads);
  try {
    const evaluate = pool ? split(objective, pool) : objective;
    for (let step = first; ; step++) {
      const evaluation = await evaluate(params, step);
      const { loss, gradients } = evaluation;
      if (memory === undefined) memory = optimizer.init(gradients);
      const gradientNorm = checkGradients(params, gradients, loss);
      const status: TrainStatus =
        !Number.isFinite(loss) || !Number.isFinite(gradientNorm)
          ? "diverged"
          : gradientNorm <= tolerance
            ? "converged"
            : step - first >= steps
              ? "exhausted"
              : signal?.aborted
                ? "aborted"
                : "running";
      if (status !== "running" || (step - first) % every === 0)
        yield { step, loss, gradientNorm, params, memory, evaluation, status, provenance: made };
      if (status !== "running") return;
      const [updates, next] = optimizer.update(gradients, memory, params);
      params = applyUpdates(params, updates);
      memory = next;
      if (performance.now() - breath > 50) {
        await new Promise((resolve) => setTimeout(resolve)); // let timers, the page and the signal have their turn
        breath = performance.now();
      }
    }
  } finally {
    await pool?.close();
  }
}

function split<P extends Params, E extends Evaluation>(
  objective: Objective<P, E> | AsyncObjective<P, E>,
  pool: Pool,
): AsyncObjective<P, E> {
  if ("onThreads" in objective && objective.onThreads) return objective.onThreads(pool);
  fail("train", {
    expected: "an objective that can be split over threads, such as networkObjective makes",
    got: "one that cannot: of one's own, or a trajectoryObjective",
    fix: "Leave threads away.",
  });
}

const isSnapshot = <P extends Params, E extends Evaluation>(start: P | Snapshot<P, E>): start is Snapshot<P, E> =>
  "status" in start && "memory" in start && "params" in start;

function checkGradients(params: Params, gradients: Params, loss: number): number {
  for (const [name, g] of Object.entries(gradients)) {
    if (!g) continue;
    const p = params[name];
    if (!p || p.shape.join() !== g.shape.join())
      fail("train", {
        expected: p
          ? `a gradient of shape (${p.shape.join(" × ")}) for ${name}`
          : `gradients of parameters that are trained: ${Object.keys(params).join(", ")}`,
        got: p ? `(${g.shape.join(" × ")})` : name,
        fix: "Let the objective give one gradient per parameter, in its shape.",
      });
    if (!Number.isFinite(loss)) continue;
    const bad = g.data.findIndex((value) => Number.isNaN(value));
    if (bad >= 0)
      fail("train", {
        expected: `a gradient without NaN where the loss is finite (${loss})`,
        got: `NaN in ${name} at index [${indexOf(g.shape, bad).join(", ")}]`,
        fix: "Mend the objective.",
      });
  }
  return paramsNorm(gradients);
}
