import { fail } from "../base";
import { kernelModule, kernelsFor } from "../kernels";
import { zeros, type Tensor3 } from "../tensor";
import { openPool, shareArray, type Pool } from "../threads";
import type { Batch } from "./batch";
import type { Run, Span } from "./engine";
import { finishGradient, planGradient, type LossAndGradient, type LossOptions } from "./gradient";
import { gradientPart, type GradientPart } from "./gradient-part";
import { countTargets, meetTargets } from "./meet-targets";
import { networkRecord, type Network } from "./network";
import type { Opening, PartRequest } from "./worker";
import { workerCode } from "./worker-module";

/** What of a batch is numbers for every trial. */
export type BatchPart = "inputs" | "targets" | "mask" | "heldOut";

/** `lossAndGradient` on a pool; `changed` names what of the batch may hold other numbers than in the last call. */
export type GradientOnThreads = <M extends Network>(
  model: M,
  batch: Batch,
  options: LossOptions,
  changed: readonly BatchPart[],
) => Promise<LossAndGradient<M>>;

/** A pool whose workers compute parts of gradients. */
export const openThreads = (where: string, threads: number): Promise<Pool> =>
  openPool(where, threads, workerCode, { kernels: kernelModule() } satisfies Opening);

/**
 * `lossAndGradient` with its trials split over the threads of a pool: whole panels, as evenly as they go, summed in the order of the threads, so that one thread
 * count gives the same bits every time. The batch lies in memory that all threads see; parameters and gradients are handed to and fro.
 *
 * @throws {@link LtrnnError} as lossAndGradient, and for a plant or a loss of one's own, whose functions cannot go to another thread
 */
export function gradientOnThreads(pool: Pool): GradientOnThreads {
  const shares: { [part in BatchPart]?: { readonly of: Float64Array; readonly data: Float64Array } } = {};
  const share = (part: BatchPart, x: Tensor3 | undefined, changed: boolean): Tensor3 | undefined => {
    if (!x) return undefined;
    if (changed || shares[part]?.of !== x.data)
      shares[part] = { of: x.data, data: shareArray(x.data, shares[part]?.data) };
    return { shape: x.shape, data: shares[part]!.data };
  };
  return async (model, batch, options, changed) => {
    const where = "lossAndGradient",
      { plan, loss } = planGradient(where, model, batch, options);
    if (plan.plant || loss.kind === "own")
      fail(where, {
        expected: "a loss of the library's, and no plant, on more than one thread",
        got: plan.plant ? "a plant" : "a loss of one's own",
        fix: "Leave threads away: functions cannot go to another thread.",
      });
    const counts = countTargets(where, batch, plan, loss);
    const on = (part: BatchPart) => share(part, batch[part], changed.includes(part));
    const shared: Batch = { inputs: on("inputs")!, targets: on("targets"), mask: on("mask"), heldOut: on("heldOut") },
      record = networkRecord(model);
    const [mine, ...others] = spans(plan.trials, kernelsFor(plan.precision).lanes, pool.threads);
    const asked = Promise.allSettled(
      others.map((span, i) =>
        pool.ask<GradientPart>(i + 1, { model: record, batch: shared, plan, loss, counts, span } satisfies PartRequest),
      ),
    );
    let trouble: { readonly reason: unknown } | undefined,
      parts: GradientPart[] = [];
    try {
      parts = [gradientPart(where, model, batch.inputs, plan, meetTargets(where, batch, plan, loss, counts), mine)];
    } catch (reason) {
      trouble = { reason };
    }
    for (const answer of await asked) {
      // all of them: the next call finds the workers free
      if (answer.status === "fulfilled") parts.push(answer.value);
      else trouble ??= answer; // the first in the order of trials
    }
    if (trouble) throw trouble.reason;
    return finishGradient(where, model, batch, plan, loss, total(parts, batch.inputs.shape), pool.threads);
  };
}

/** Whole panels for each thread, as evenly as they go; no more threads than panels. */
function spans(trials: number, lanes: number, threads: number): Span[] {
  const panels = Math.ceil(trials / lanes),
    used = Math.min(threads, panels),
    edge = (i: number) => Math.min(trials, Math.floor((i * panels) / used) * lanes);
  return Array.from({ length: used }, (_, i) => [edge(i), i + 1 === used ? trials : edge(i + 1)] as const);
}

/** The sums over all parts, in their order, in the arrays of the first. */
function total(parts: readonly GradientPart[], shape: Tensor3["shape"]): GradientPart {
  const [first, ...rest] = parts,
    inputGradients = zeros(shape);
  let at = 0;
  for (const {
    inputGradients: { data },
  } of parts) {
    inputGradients.data.set(data, at);
    at += data.length;
  }
  const sums = arraysOf(first.run);
  for (const { run } of rest) arraysOf(run).forEach((array, i) => array.forEach((value, j) => (sums[i][j] += value)));
  const sum = (of: (part: GradientPart) => number) => parts.reduce((all, part) => all + of(part), 0);
  const seen = {
    loss: sum((part) => part.seen.loss),
    ...(first.seen.heldOutLoss === undefined ? {} : { heldOutLoss: sum((part) => part.seen.heldOutLoss!) }),
  };
  return { ...first, seen, inputGradients };
}

const arraysOf = ({ shared, perTrial, x0 }: Run): Float64Array[] => [
  shared.left,
  shared.right,
  shared.wIn,
  shared.bias,
  shared.readout,
  shared.readoutBias,
  perTrial,
  x0,
];
