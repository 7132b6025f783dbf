/**
 * What a worker thread runs: kernels.build.ts bundles it into worker-module.ts. The first request brings the compiled
 * kernels, every other asks for a part of a gradient.
 */
import { adoptKernelModule } from "../kernels";
import { lossFrom, panelLoss, type Counts, type LossDescription } from "../losses";
import type { NetworkRecord } from "../models";
import { serve } from "../threads";
import type { Batch } from "./batch";
import { gradientPart } from "./gradient-part";
import { isOverflow } from "./overflow";
import type { Plan } from "./plan";
import type { Span } from "./run-panels";
import { arraysOf } from "./sum-parts";

export interface Greeting {
  readonly kernels: WebAssembly.Module | null;
}

export interface PartRequest {
  /** the public function that errors are said to come from */
  readonly where: string;
  readonly model: NetworkRecord;
  /** in shared memory, all trials */
  readonly batch: Batch;
  readonly plan: Plan;
  readonly loss: LossDescription;
  readonly counts: Counts;
  readonly span: Span;
}

serve((request) => {
  if ("kernels" in (request as object)) {
    adoptKernelModule((request as Greeting).kernels);
    return { value: null, transfer: [] };
  }
  const { where, model, batch, plan, loss, counts, span } = request as PartRequest,
    part = gradientPart(where, model, batch.inputs, plan, panelLoss(where, batch, lossFrom(loss), counts), span);
  if (isOverflow(part)) return { value: part, transfer: [] };
  return {
    value: part,
    transfer: [...arraysOf(part.run), part.inputGradients.data].map(({ buffer }) => buffer),
  };
});
