import { fail } from "../base";
import { isCustomActivation, kernelModule, kernelsFor } from "../kernels";
import { isCustom, isShipped, panelLoss, type Counts, type EntryLoss, type Overflow } from "../losses";
import { networkRecord, type Network } from "../models";
import type { Tensor3 } from "../tensor";
import { openPool, shareArray, type Pool } from "../threads";
import type { Batch } from "./batch";
import { resultOf, type LossAndGradient } from "./gradient";
import { gradientPart, type GradientPart } from "./gradient-part";
import { isOverflow } from "./overflow";
import { planGradient, type GradientPlan, type LossOptions } from "./plan-gradient";
import { spansOf } from "./spans";
import { sumParts } from "./sum-parts";
import type { Greeting, PartRequest } from "./worker";
import { workerCode } from "./worker-module";

/** What of a batch is numbers for every trial. */
export type BatchPart = "inputs" | "targets" | "mask" | "validation" | "observed" | "observedMask";

/**
 * A gradient on a pool, for the public function `where`, with a divergence as a value. `fixed` names parts of the batch
 * whose numbers never change: they are copied to shared memory once; `counted` as in {@link planGradient}.
 */
export type GradientOnThreads = <M extends Network>(
  where: string,
  model: M,
  batch: Batch,
  options: LossOptions | undefined,
  fixed?: readonly BatchPart[],
  counted?: Counts,
) => Promise<LossAndGradient<M> | Overflow>;

/** A pool whose workers compute parts of gradients. */
export const openThreads = (where: string, threads: number, signal?: AbortSignal): Pool => {
  const greeting: Greeting = { kernels: kernelModule() };
  return openPool({ where, threads, code: workerCode, greeting, signal });
};

/**
 * A gradient with its trials split over the threads of a pool: whole panels, as evenly as they divide, summed in the
 * order of the threads, so that one thread count gives the same bits every time. Workers see the batch as it is at the
 * call: what they read of it is copied to memory that all threads see.
 *
 * @throws {@link LtrnnError} as lossAndGradient, and for a plant, a custom loss or a custom activation, whose functions
 * cannot go to another thread
 */
export function gradientOnThreads(pool: Pool): GradientOnThreads {
  const shared: { [part in BatchPart]?: { readonly of: Float64Array; readonly data: Float64Array } } = {};

  /** A part of the batch in shared memory, as it is now; trials before `first` are not asked for. */
  const share = (part: BatchPart, x: Tensor3 | undefined, first: number, fixed: boolean): Tensor3 | undefined => {
    if (!x) return undefined;
    const earlier = shared[part],
      [trials] = x.shape;
    if (fixed && earlier?.of === x.data) return { shape: x.shape, data: earlier.data };
    const data = shareArray(x.data, earlier?.data, (x.data.length / trials) * first);
    shared[part] = { of: x.data, data };
    return { shape: x.shape, data };
  };

  return async (where, model, given, options, fixed = [], counted) => {
    const gradientPlan = planGradient(where, model, given, options, counted),
      { batch, plan, loss, counts } = gradientPlan,
      entryLoss = checkSplittable(where, model, gradientPlan);
    const [mine, ...others] = spansOf(plan.trials, kernelsFor(plan.precision).lanes, pool.threads),
      record = networkRecord(model);
    const on = (part: BatchPart) => share(part, batch[part], others[0]?.[0] ?? plan.trials, fixed.includes(part));
    const seen: Batch =
      others.length === 0
        ? batch
        : {
            inputs: on("inputs") as Tensor3,
            targets: on("targets"),
            mask: on("mask"),
            validation: on("validation"),
          };
    const request = {
      where,
      model: record,
      batch: seen,
      plan: others.length === 0 ? plan : { ...plan, observed: on("observed"), observedMask: on("observedMask") },
      loss: loss && entryLoss.description,
      counts: counts as Counts,
    };
    const asked = Promise.allSettled(
      others.map((span, i) => pool.ask<GradientPart | Overflow>(i + 1, { ...request, span } satisfies PartRequest)),
    );
    const own = settled(() =>
      gradientPart(where, model, batch.inputs, plan, panelLoss(where, batch, entryLoss, counts as Counts), mine),
    );
    const parts = inOrder([own, ...(await asked)]); // all of them: the next call finds the workers free
    if (isOverflow(parts)) return parts;
    return resultOf(where, model, gradientPlan, sumParts(where, parts, batch.inputs.shape), others.length + 1);
  };
}

/** What a function gives or throws, as a value. */
function settled<T>(work: () => T): PromiseSettledResult<T> {
  try {
    return { status: "fulfilled", value: work() };
  } catch (reason) {
    return { status: "rejected", reason };
  }
}

/** All parts, or the first overflow or error in the order of trials. */
function inOrder(
  answers: readonly PromiseSettledResult<GradientPart | Overflow>[],
): readonly GradientPart[] | Overflow {
  const parts: GradientPart[] = [];
  for (const answer of answers) {
    if (answer.status === "rejected") throw answer.reason;
    if (isOverflow(answer.value)) return answer.value;
    parts.push(answer.value);
  }
  return parts;
}

function checkSplittable(where: string, { setting: { phi } }: Network, { plan, loss }: GradientPlan): EntryLoss {
  const custom = isCustomActivation(phi) ? `the custom activation ${phi.name}` : undefined;
  if (!plan.plant && !custom && !isCustom(loss) && isShipped(loss)) return loss;
  return fail(where, {
    expected: "a loss and an activation of the library, and no plant, on more than one thread",
    got: plan.plant ? "a plant" : (custom ?? "a custom loss"),
    fix: "Leave threads out: functions cannot go to another thread.",
  });
}
