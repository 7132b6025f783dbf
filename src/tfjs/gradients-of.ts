import { Tensor as TfjsTensor, engine, scalar, tidy, type Tensor3D, type Variable } from "@tensorflow/tfjs-core";
import { LtrnnError, fail, isRecord, show, type Failure } from "../base";
import { checkTensor, type Params, type Shape, type Tensor, type Tensor3 } from "../tensor";
import { headTensors, type HeadTensors } from "./head-tensors";
import { checkBackend, readTfjs, writeTfjs } from "./transfer";

/** A function of outputs and head, written in tfjs operations. */
export interface TfjsFunction<H extends HeadTensors> {
  /** the public function that errors are said to come from */
  readonly where: string;
  readonly head: H;
  compute(outputs: Tensor3D, head: H): TfjsTensor;
  /** what is wrong with what it gives, or undefined */
  check(value: unknown): Failure | undefined;
}

/** Refuse what is no float32 tensor of such a shape. */
export const shaped =
  (expected: string, fits: (shape: Shape) => boolean, fix: string) =>
  (value: unknown): Failure | undefined => {
    const isTensor = value instanceof TfjsTensor;
    if (isTensor && fits(value.shape) && value.dtype === "float32") return undefined;
    const got = isTensor ? `a tensor of shape (${value.shape.join(" × ")}) and dtype ${value.dtype}` : show(value);
    return { expected, got, fix };
  };

/** The value of a function at outputs and parameters. */
export function evaluate<H extends HeadTensors>(f: TfjsFunction<H>, outputs: Tensor3, params: Params): Tensor {
  checkCall(f.where, outputs, params);
  const result = explained(f.where, () => {
    let found: Tensor | Failure | undefined;
    tidy(() => {
      const value = f.compute(writeTfjs<Tensor3D>(outputs), headTensors(f.where, f.head, params));
      found = f.check(value) ?? readTfjs(value);
    });
    return found as Tensor | Failure;
  });
  return "shape" in result ? result : fail(f.where, result);
}

/** A value with its gradients. */
export interface ValueAndGradients {
  readonly value: Tensor;
  readonly dOutputs: Tensor3;
  readonly gradients: Params;
}

/**
 * The value of a function with its gradients in outputs and head: of the value itself, or of its product with `dValue`.
 * No tensor is left over.
 */
export function gradientsOf<H extends HeadTensors>(
  f: TfjsFunction<H>,
  outputs: Tensor3,
  params: Params,
  dValue?: Tensor,
): ValueAndGradients {
  checkCall(f.where, outputs, params);
  const result = explained(f.where, () => {
    let found: ValueAndGradients | Failure | undefined;
    tidy(() => {
      found = differentiate(f, outputs, params, dValue);
    });
    return found as ValueAndGradients | Failure;
  });
  return "value" in result ? result : fail(f.where, result);
}

function differentiate<H extends HeadTensors>(
  { where, head, compute, check }: TfjsFunction<H>,
  outputs: Tensor3,
  params: Params,
  dValue: Tensor | undefined,
): ValueAndGradients | Failure {
  const x = writeTfjs<Tensor3D>(outputs),
    tensors = headTensors(where, head, params),
    names = Object.keys(head),
    declared = names.map((name) => tensors[name]);
  const others = Object.values(engine().registeredVariables).filter((v) => v.trainable && !declared.includes(v));
  let failure: Failure | undefined;
  const computeChecked = () => {
    const value = compute(x, tensors);
    failure = check(value) ?? (dValue && unlike(value, dValue));
    return failure ? scalar(0) : value;
  };
  const weights = dValue && writeTfjs(dValue);
  const { value, grads } = engine().gradients(computeChecked, [x, ...declared, ...others], weights, true) as {
    value: TfjsTensor;
    grads: (TfjsTensor | null | undefined)[];
  };
  const wrong = failure ?? missing(grads, names, others);
  if (wrong) return wrong;
  const [dOutputs, ...dHead] = grads.slice(0, names.length + 1).map((gradient) => readTfjs(gradient as TfjsTensor));
  return {
    value: readTfjs(value),
    dOutputs: dOutputs as Tensor3,
    gradients: Object.fromEntries(names.map((name, i) => [name, dHead[i]])),
  };
}

const unlike = ({ shape }: TfjsTensor, { shape: given }: Tensor): Failure | undefined =>
  shape.length === given.length && shape.every((size, mode) => size === given[mode])
    ? undefined
    : {
        expected: `gradients in the prediction, (${shape.join(" × ")})`,
        got: `(${given.join(" × ")})`,
        fix: "Pass dPrediction of the shape that predict gives.",
      };

function checkCall(where: string, outputs: unknown, params: unknown): void {
  checkTensor(where, "outputs", outputs as Tensor, 3);
  if (!isRecord(params))
    fail(where, {
      expected: "params to be a record of tensors",
      got: show(params),
      fix: "Pass the params of the loss or head, changed or not.",
    });
  checkBackend(where);
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
      fix:
        "Build the result from the outputs by differentiable tfjs operations: dataSync, " +
        "tf.tensor of numbers, argMax and comparisons have no gradient.",
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
function explained<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error && !(error instanceof LtrnnError) ? error.message : "",
      operation =
        /gradient function not found for (\w+)/.exec(message)?.[1] ??
        /Kernel '(\w+)' not registered/.exec(message)?.[1];
    if (operation === undefined) throw error;
    return fail(where, {
      expected: "operations that the backend computes and tfjs differentiates",
      got: `${operation}: ${message}`,
      fix: "Write it with others: matMul for einsum, a product with one-hot rows for gather; or take another backend.",
    });
  }
}
