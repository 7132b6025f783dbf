import { fail, isRecord, show } from "../base";
import { checkFinite, checkSameShape, indexOf, type Params, type Tensor3 } from "../tensor";
import { lossValueOf, type CustomLoss, type Seen } from "./custom-loss";
import { lossOverflow, type LossValues, type Overflow } from "./panel-loss";
import type { Targets } from "./targets";

/** A custom loss at all outputs: its values, and its derivative in the outputs, checked. */
export function evaluateCustom(
  where: string,
  custom: CustomLoss,
  outputs: Tensor3,
  { targets, mask, validation }: Targets,
): { readonly values: LossValues; readonly dOutputs: Tensor3 } | Overflow {
  const seenUnder = (some: Tensor3 | undefined): Seen => ({
    outputs,
    ...(targets ? { targets: shown(where, targets, some) } : {}),
    ...(some ? { mask: some } : {}),
  });
  const evaluation: unknown = custom.evaluate(seenUnder(mask), custom.params);
  const { loss, dOutputs, gradients } = (isRecord(evaluation) ? evaluation : {}) as Partial<
    ReturnType<CustomLoss["evaluate"]>
  >;
  if (typeof loss !== "number" || !isRecord(gradients))
    fail(where, {
      expected: `${custom.name} to evaluate to { loss: a number, dOutputs, gradients }`,
      got: show(typeof loss === "number" ? gradients : loss),
      fix: "Return all three; gradients is {} for a loss without parameters.",
    });
  if (!Number.isFinite(loss)) return lossOverflow("the loss", loss, custom.name);
  checkSameShape(where, `the gradient of ${custom.name} in the outputs`, dOutputs, outputs.shape);
  checkGradients(where, custom, gradients as Params);
  const values = { loss, customGradients: gradients as Params };
  if (!validation) return { values, dOutputs: dOutputs as Tensor3 };
  const validationLoss = lossValueOf(custom, seenUnder(validation), custom.params);
  if (!Number.isFinite(validationLoss))
    return lossOverflow("the loss over the validation entries", validationLoss, custom.name);
  return { values: { ...values, validationLoss }, dOutputs: dOutputs as Tensor3 };
}

/** Targets with zeros where the mask is 0: what is missing is never seen. */
function shown(where: string, targets: Tensor3, mask: Tensor3 | undefined): Tensor3 {
  checkFinite(where, "targets", targets, mask);
  return mask ? { shape: targets.shape, data: targets.data.map((x, i) => (mask.data[i] === 0 ? 0 : x)) } : targets;
}

function checkGradients(where: string, { name, params }: CustomLoss, gradients: Params): void {
  for (const [key, p] of Object.entries(params)) {
    if (!p) continue;
    const g = gradients[key];
    if (!g)
      fail(where, {
        expected: `a gradient of ${name} in its parameter ${key}`,
        got: "none",
        fix: "Use the parameter in the loss, or leave it out.",
      });
    checkSameShape(where, `the gradient of ${name} in ${key}`, g, p.shape);
    const bad = g.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      fail(where, {
        expected: `finite gradients of ${name}`,
        got: `${g.data[bad]} in ${key} at index [${indexOf(g.shape, bad).join(", ")}]`,
        fix: "Fix the loss: a root, a logarithm or a quotient at 0 has no finite derivative.",
      });
  }
}
