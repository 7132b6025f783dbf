/** What a worker thread runs: kernels.build.ts bundles it into worker-module.ts. The first request brings the compiled kernels, every other asks for a part of a gradient. */
import { adoptKernelModule } from "../kernels";
import { serve } from "../threads";
import type { Batch, Plan } from "./batch";
import type { Span } from "./engine";
import { gradientPart } from "./gradient-part";
import type { ShippedLoss } from "./loss";
import { meetTargets, type Counts } from "./meet-targets";
import type { NetworkRecord } from "./network";

export interface Opening {
  readonly kernels: WebAssembly.Module | null;
}

export interface PartRequest {
  readonly model: NetworkRecord;
  /** in shared memory, all trials */
  readonly batch: Batch;
  readonly plan: Plan;
  readonly loss: ShippedLoss;
  readonly counts: Counts;
  readonly span: Span;
}

serve((request) => {
  if ("kernels" in (request as object)) {
    adoptKernelModule((request as Opening).kernels);
    return { value: null, transfer: [] };
  }
  const { model, batch, plan, loss, counts, span } = request as PartRequest;
  const part = gradientPart(
      "lossAndGradient",
      model,
      batch.inputs,
      plan,
      meetTargets("lossAndGradient", batch, plan, loss, counts),
      span,
    ),
    { shared, perTrial, x0 } = part.run;
  return {
    value: part,
    transfer: [
      ...Object.values(shared as unknown as Record<string, Float64Array>),
      perTrial,
      x0,
      part.inputGradients.data,
    ].map(({ buffer }) => buffer),
  };
});
