import { Tensor as TfjsTensor, engine, scalar, tidy, type Tensor3D, type Variable } from "@tensorflow/tfjs-core";
import { LtrnnError, fail, type Failure } from "../base";
import type { Params, Shape, Tensor, Tensor3 } from "../tensor";
import { checkBackend, isTfjs, readTfjs, writeTfjs } from "./convert";

/** Parameters that train along, as tfjs tensors or variables. */
export type HeadTensors = Readonly<Record<string, TfjsTensor>>;

/** Where they start. */
export function headParams(where: string, head: HeadTensors): Params {
  if (Object.keys(head).length > 0) checkBackend(where);
  return Object.fromEntries(
    Object.entries(head).map(([name, x]) => {
      if (!isTfjs(x))
        fail(where, {
          expected: `head.${name} to be a tfjs tensor or variable`,
          got: typeof x,
          fix: "Make it with tf.tensor or tf.variable.",
        });
      return [name, readTfjs(where, x)];
    }),
  );
}

/** The function's tensors at these values: variables take them, tensors are made anew. Inside a tidy. */
function headTensors<H extends HeadTensors>(where: string, head: H, at: Params): H {
  return Object.fromEntries(
    Object.entries(head).map(([name, x]) => {
      const value = at[name];
      if (!value)
        fail(where, {
          expected: `a value for its parameter ${name}`,
          got: "none",
          fix: "Hand over params of the loss or head, changed or not.",
        });
      const now = writeTfjs(value);
      if (!isVariable(x)) return [name, now];
      x.assign(now);
      return [name, x];
    }),
  ) as H;
}

const isVariable = (x: TfjsTensor): x is Variable => "assign" in x;

/** A refusal, or nothing to complain of. */
export type Check = (y: unknown) => Failure | undefined;

/** Refuse what is no tensor of such a shape. */
export const shaped =
  (expected: string, fits: (shape: Shape) => boolean, fix: string): Check =>
  (y) => {
    if (y instanceof TfjsTensor && fits(y.shape) && y.dtype === "float32") return undefined;
    return {
      expected,
      got:
        y instanceof TfjsTensor
          ? `a tensor of shape (${y.shape.join(" × ")}) and dtype ${y.dtype}`
          : y instanceof Promise
            ? "a Promise"
            : String(y),
      fix,
    };
  };

/** A tfjs function of outputs and head at given values. */
export function valueOf<H extends HeadTensors>(
  where: string,
  outputs: Tensor3,
  head: H,
  at: Params,
  f: (y: Tensor3D, head: H) => TfjsTensor,
  check: Check,
): Tensor {
  checkBackend(where);
  let value: Tensor | undefined, failure: Failure | undefined;
  explained(where, () =>
    tidy(() => {
      const y = f(writeTfjs<Tensor3D>(outputs), headTensors(where, head, at));
      if (!(failure = check(y))) value = readTfjs(where, y);
    }),
  );
  if (failure) fail(where, failure);
  return value!;
}

/** A tfjs function of outputs and head, with its gradients in both, of its value or of what `dValue` weighs; everything is disposed of. */
export function gradientsOf<H extends HeadTensors>(
  where: string,
  outputs: Tensor3,
  head: H,
  at: Params,
  f: (y: Tensor3D, head: H) => TfjsTensor,
  check: Check,
  dValue?: Tensor,
): { readonly value: Tensor; readonly dOutputs: Tensor3; readonly gradients: Params } {
  checkBackend(where);
  let found: { value: Tensor; dOutputs: Tensor3; gradients: Params } | undefined, failure: Failure | undefined;
  explained(where, () =>
    tidy(() => {
      const x = writeTfjs<Tensor3D>(outputs),
        tensors = headTensors(where, head, at),
        names = Object.keys(head),
        declared = names.map((name) => tensors[name]);
      const others = Object.values(engine().registeredVariables).filter((v) => v.trainable && !declared.includes(v));
      const checked = () => {
        const y = f(x, tensors);
        failure = check(y);
        return failure ? scalar(0) : y;
      };
      const { value, grads } = engine().gradients(
        checked,
        [x, ...declared, ...others],
        dValue && writeTfjs(dValue),
        true,
      ) as { value: TfjsTensor; grads: (TfjsTensor | null | undefined)[] };
      failure ??= missing(grads, names, others);
      if (!failure)
        found = {
          value: readTfjs(where, value),
          dOutputs: readTfjs(where, grads[0]!),
          gradients: Object.fromEntries(names.map((name, i) => [name, readTfjs(where, grads[i + 1]!)])),
        };
    }),
  );
  if (failure) fail(where, failure);
  return found!;
}

/** What has no gradient and should, or has one and should not. */
function missing(
  grads: readonly (TfjsTensor | null | undefined)[],
  names: readonly string[],
  others: readonly Variable[],
): Failure | undefined {
  if (!grads[0])
    return {
      expected: "a function of the outputs, its first argument",
      got: "one without a gradient in them",
      fix: "Build the result from the outputs by differentiable tfjs operations: dataSync, tf.tensor of numbers, argMax and comparisons cut the way back.",
    };
  const unused = names.findIndex((_, i) => !grads[i + 1]);
  if (unused >= 0)
    return {
      expected: `a function of head.${names[unused]}`,
      got: "one without a gradient in it",
      fix: "Use it by differentiable tfjs operations, or leave it out of head.",
    };
  const undeclared = others.find((_, i) => grads[names.length + 1 + i]);
  if (undeclared)
    return {
      expected: "every trainable variable that the function uses in the option head",
      got: `the variable ${undeclared.name}, which would not train`,
      fix: `Pass { head: { ${undeclared.name.replace(/\W/g, "_")}: … } }, or make it with trainable = false.`,
    };
  return undefined;
}

/** Errors of tfjs that have a way out, said with it. */
function explained(where: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const message = error instanceof Error && !(error instanceof LtrnnError) ? error.message : "",
      name =
        /gradient function not found for (\w+)/.exec(message)?.[1] ??
        /Kernel '(\w+)' not registered/.exec(message)?.[1];
    if (name === undefined) throw error;
    fail(where, {
      expected: "operations that the backend computes and tfjs differentiates",
      got: `${name}: ${message}`,
      fix: "Write it with others: matMul for einsum, a product with one-hot rows for gather; or take another backend.",
    });
  }
}
