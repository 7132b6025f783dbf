import { fail, isRecord, random } from "../base";
import type { FitOptions } from "../fit";
import type { Label } from "../masks";
import type { Tensor } from "../tensor";
import type { Specification } from "./candidate";

/** A random order of trials, the same in all folds: drawn with the seed of the cell. */
export function shuffledOrder(data: Tensor, { axes }: Specification): readonly number[] {
  const trials = data.shape[0],
    { int } = random((axes.seed as number | undefined) ?? 0, "shuffled trials"),
    order = Array.from({ length: trials }, (_, k) => k);
  for (let k = trials - 1; k > 0; k--) {
    const other = int(0, k);
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

/** The new position of each trial. */
export function inverseOf(order: readonly number[]): readonly number[] {
  const places = new Array<number>(order.length);
  order.forEach((trial, place) => {
    places[trial] = place;
  });
  return places;
}

/** Labels of trials in another order. */
export function labelsInOrder({ conditions, epochs }: FitOptions, order: readonly number[]) {
  const moved = (labels: FitOptions["conditions"]) =>
    labels === undefined || labels.length !== order.length ? labels : order.map((trial) => labels[trial] as Label);
  return {
    ...(conditions === undefined ? {} : { conditions: moved(conditions) as readonly Label[] }),
    ...(epochs === undefined ? {} : { epochs: moved(epochs) as readonly Label[] }),
  };
}

/** Known inputs belong to their trials, and times of trials to their order: neither is shuffled. */
export function checkShuffled(where: string, { inputs, network }: FitOptions): void {
  const known = Array.isArray(inputs) || (isRecord(inputs) && "shape" in inputs),
    prior = network?.trialKernel;
  if (known || typeof prior === "function" || (isRecord(prior) && "times" in prior))
    fail(where, {
      expected: 'learned inputs, and a kernel without times, with the hypothesis "shuffled"',
      got: known ? "known inputs" : "a prior of its own trials",
      fix: "Leave them out, or take another hypothesis.",
    });
}
