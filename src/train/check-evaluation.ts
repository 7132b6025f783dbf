import { fail, isRecord, show } from "../base";
import type { Evaluation } from "../optim";
import { checkTensor, indexOf, type Params, type Tensor } from "../tensor";

/** Refuse what is not an evaluation of an objective at these parameters. */
export function checkEvaluation(evaluation: unknown, params: Params): asserts evaluation is Evaluation {
  const { loss, gradients, divergence } = (
    typeof evaluation === "object" && evaluation !== null ? evaluation : {}
  ) as Partial<Evaluation>;
  if (typeof loss !== "number")
    fail("train", {
      expected: "an objective that returns { loss: a number, gradients }",
      got: loss === undefined ? show(evaluation) : `a loss that is ${show(loss)}`,
      fix: "Return the loss as a plain number, and the gradients by the names of the parameters.",
    });
  if (!isRecord(gradients))
    fail("train", {
      expected: "an objective that returns { loss, gradients: a record of tensors }",
      got: gradients === undefined ? "no gradients" : `gradients that are ${show(gradients)}`,
      fix: "Return one gradient per parameter that trains, under its name.",
    });
  if (divergence) return;
  let count = 0;
  for (const [name, g] of Object.entries(gradients)) {
    if (g === undefined) continue;
    checkGradient(name, g as Tensor, params);
    count++;
  }
  if (count === 0)
    fail("train", {
      expected: `gradients in at least one of ${Object.keys(params).join(", ")}`,
      got: "none",
      fix: "Return one gradient per parameter that trains, under its name.",
    });
}

function checkGradient(name: string, g: Tensor, params: Params): void {
  const p = Object.hasOwn(params, name) ? params[name] : undefined;
  if (!p)
    fail("train", {
      expected: `gradients of parameters that are trained: ${Object.keys(params).join(", ")}`,
      got: name,
      fix: "Return one gradient per parameter that trains, under its name.",
    });
  checkTensor("train", `the gradient in ${name}`, g);
  if (p.shape.join() !== g.shape.join())
    fail("train", {
      expected: `a gradient of shape (${p.shape.join(" × ")}) for ${name}`,
      got: `(${g.shape.join(" × ")})`,
      fix: "Return every gradient in the shape of its parameter.",
    });
}

/** The first entry that is not finite, in words; undefined where all are. */
export function nonFiniteIn(tensors: Params, of: (name: string) => string): string | undefined {
  for (const [name, x] of Object.entries(tensors)) {
    if (!x) continue;
    let sum = 0;
    for (let i = 0; i < x.data.length; i++) sum += x.data[i] - x.data[i];
    if (sum === 0) continue;
    const place = x.data.findIndex((value) => !Number.isFinite(value));
    return `${of(name)} became ${x.data[place]} at index [${indexOf(x.shape, place).join(", ")}]`;
  }
  return undefined;
}
