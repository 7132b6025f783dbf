import { fail, type FieldsOf, type Provenance, readPart, type Status } from "../base";
import { checkRange } from "../factored";
import { checkSameShape, finiteTensor3, gram, type Matrix, type Vector, zeros } from "../tensor";
import type { OverlapBlocks, OverlapTask } from "./overlap-gradient";
import type { OverlapPoint, OverlapState } from "./overlap-state";
import { type LinearLowRankParams, stackVectors } from "./overlap-vectors";

export interface OverlapOptions {
  /** dt / tau */
  readonly alpha: number;
  /** default 1000 */
  readonly steps?: number;
  /** updates between states; default 1 */
  readonly every?: number;
}

export const overlapOptions = {
  alpha: { is: "number", above: 0, needed: true },
  steps: { is: "whole number", least: 0, fallback: 1000 },
  every: { is: "whole number", least: 1, fallback: 1 },
} as const satisfies FieldsOf<OverlapOptions>;

const overlapTask = {
  inputs: { is: "checked", check: finiteTensor3, needed: true },
  targets: { is: "checked", check: finiteTensor3, needed: true },
} as const satisfies FieldsOf<OverlapTask>;

/** Where a run starts. */
export interface OverlapStart {
  readonly point: OverlapPoint;
  readonly blocks: OverlapBlocks;
  readonly task: OverlapTask;
  /** whether the readout has a bias, which then trains */
  readonly biased: boolean;
}

/** Network and task, checked, as overlaps. */
export function prepareOverlaps(where: string, params: LinearLowRankParams, given: OverlapTask): OverlapStart {
  const { z, blocks, arrays } = stackVectors(where, params);
  const task = readPart<OverlapTask, typeof overlapTask>(where, given, overlapTask, "task");
  const [trials, time, columns] = task.inputs.shape,
    outputs = arrays.readout.shape[0];
  if (columns !== arrays.wIn.shape[1])
    fail(where, {
      expected: `${arrays.wIn.shape[1]} inputs, the columns of params.wIn`,
      got: String(columns),
      fix: "Order task.inputs as (trials × time × inputs).",
    });
  checkSameShape(where, "task.targets", task.targets, [trials, time, outputs]);
  if (trials * time * outputs === 0)
    fail(where, {
      expected: "at least one target",
      got: `targets of shape (${task.targets.shape.join(" × ")})`,
      fix: "Pass a task with trials, times and outputs.",
    });
  const rows = arrays.x0.shape[0];
  if (rows !== 1 && rows !== trials)
    fail(where, {
      expected: `1 or ${trials} rows of params.x0`,
      got: String(rows),
      fix: "Give all trials one initial state, or each its own.",
    });
  const p = z.shape[1],
    transform: Matrix = zeros([p, p]);
  for (let i = 0; i < p; i++) transform.data[i * p + i] = 1;
  const point = { overlaps: gram(z), transform, readoutBias: arrays.readoutBias ?? (zeros([outputs]) as Vector) };
  checkRange(where, "inner products of params", point.overlaps.data);
  return { point, blocks, task, biased: arrays.readoutBias !== undefined };
}

/** A gradient of a loss in overlaps, and the loss. */
export interface Advance {
  readonly loss: number;
  /** the point after one more step */
  next(): OverlapPoint;
}

/**
 * Steps from a point. It yields the state every `every` steps, always the last one, and the last finite one where the
 * loss stops being finite.
 */
export function* runOverlaps(
  start: OverlapStart,
  { steps, every, unit }: { readonly steps: number; readonly every: number; readonly unit: number },
  origin: Provenance,
  advance: (point: OverlapPoint) => Advance,
): Generator<OverlapState> {
  let { point } = start,
    last: OverlapState | undefined;
  for (let step = 0; ; step++) {
    const { loss, next } = advance(point);
    if (!Number.isFinite(loss) || !point.overlaps.data.every(Number.isFinite)) {
      yield { ...(last ?? stateOf(step, Number.POSITIVE_INFINITY, point)), status: "diverged" };
      return;
    }
    const status: Status = step === steps ? "exhausted" : "running";
    last = { ...stateOf(step, loss, point), status };
    if (step % every === 0 || step === steps) yield last;
    if (step === steps) return;
    point = next();
  }

  function stateOf(step: number, loss: number, now: OverlapPoint): OverlapState {
    return { time: step * unit, loss, ...now, blocks: start.blocks, status: "running", provenance: origin };
  }
}
