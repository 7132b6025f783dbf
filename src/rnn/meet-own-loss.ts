import { fail } from "../base";
import { checkFinite, checkSameShape, checkTensor, indexOf, zeros, type Params, type Tensor3 } from "../tensor";
import { seenShape, type Batch, type Plan } from "./batch";
import type { Meeting } from "./meet-targets";
import type { Network } from "./network";
import { collect, meetGradients } from "./output-gradients";
import { valueOf, type OwnLoss, type Seen } from "./own-loss";

/** A loss of one's own: it sees the outputs of all trials, which cost a forward pass of their own, before its gradient goes back panel by panel. */
export function meetOwnLoss(
  where: string,
  model: Network,
  { inputs, targets, mask, heldOut }: Batch,
  plan: Plan,
  own: OwnLoss,
): Meeting {
  for (const [name, x] of Object.entries({ mask, heldOut }))
    if (x) {
      if (!targets)
        fail(where, {
          expected: `targets beside ${name}`,
          got: "none",
          fix: "Give both: a mask has the shape of the targets.",
        });
      checkSameShape(where, name, x, targets.shape);
    }
  const outputs = zeros(seenShape(plan));
  collect(where, model, inputs, plan, outputs);
  const under = (some: Tensor3 | undefined): Seen => ({
    outputs,
    ...(targets ? { targets: shown(where, targets, some) } : {}),
    ...(some ? { mask: some } : {}),
  });
  const { loss, dOutputs, gradients } = own.evaluate(under(mask), own.params);
  if (!Number.isFinite(loss))
    fail(where, {
      expected: "a finite loss",
      got: String(loss),
      fix: `Mend the loss ${own.name}, or take a smaller learning rate if this came up in training.`,
      divergence: { reason: `the loss ${own.name} became ${loss}` },
    });
  checkSameShape(where, `the gradient of ${own.name} in the outputs`, dOutputs, outputs.shape);
  checkOwnGradients(where, own, gradients);
  const heldOutLoss = heldOut && valueOf(own, under(heldOut), own.params);
  return {
    ...meetGradients(where, dOutputs, plan),
    read: () => ({ loss, ...(heldOutLoss === undefined ? {} : { heldOutLoss }), ownGradients: gradients }),
  };
}

/** Targets with zeros where the mask is 0: what is missing is never seen. */
function shown(where: string, targets: Tensor3, mask: Tensor3 | undefined): Tensor3 {
  checkTensor(where, "targets", targets);
  checkFinite(where, "targets", targets, mask);
  return mask ? { shape: targets.shape, data: targets.data.map((x, at) => (mask.data[at] === 0 ? 0 : x)) } : targets;
}

function checkOwnGradients(where: string, { name, params }: OwnLoss, gradients: Params): void {
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
        fix: "Mend the loss: a root, a logarithm or a quotient at 0 has no finite derivative.",
      });
  }
}
