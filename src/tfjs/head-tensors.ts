import type { Tensor as TfjsTensor, Variable } from "@tensorflow/tfjs-core";
import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { checkTensor, type Params } from "../tensor";
import { checkBackend, checkTfjs, readTfjs, writeTfjs } from "./transfer";

/** Parameters that train along, as tfjs tensors or variables. */
export type HeadTensors = Readonly<Record<string, TfjsTensor>>;

/** Parameters that train along, and a name for provenance. */
export interface HeadOptions<H> {
  /**
   * where they start, by names that the model's parameters do not have. A variable takes the values of the run, so that
   * the function, or a layer it calls, may use it directly. Default none
   */
  readonly head?: H;
  /** default the name of the function */
  readonly name?: string;
}

const table = {
  head: { is: "checked", check: checkHead, fallback: {} },
  name: { is: "text" },
} as const satisfies FieldsOf<HeadOptions<HeadTensors>>;

/** The options of a loss or head, checked, and the function that they belong to. */
export function readHeadOptions<H extends HeadTensors>(
  where: string,
  compute: unknown,
  options: HeadOptions<H> | undefined,
): { readonly head: H; readonly name: string } {
  if (typeof compute !== "function")
    fail(where, {
      expected: "a function of tfjs tensors",
      got: show(compute),
      fix: "Pass (outputs, …) => a tensor made from them by tfjs operations.",
    });
  const { head, name } = readOptions<HeadOptions<HeadTensors>, typeof table>(where, options, table);
  return { head: head as H, name: name ?? (compute.name || where) };
}

function checkHead(where: string, name: string, head: unknown): void {
  if (!isRecord(head))
    fail(where, {
      expected: `${name} to be a record of tfjs tensors or variables`,
      got: show(head),
      fix: "Pass { gain: tf.scalar(1) }, say.",
    });
  if (Object.keys(head).length > 0) checkBackend(where);
  for (const [key, x] of Object.entries(head)) checkTfjs(where, `${name}.${key}`, x);
}

/** Where the parameters start, as ours. */
export const headParams = (head: HeadTensors): Params =>
  Object.fromEntries(Object.entries(head).map(([name, x]) => [name, readTfjs(x)]));

/** The function's tensors at given values: variables take them, tensors are new ones. Call it inside a tidy. */
export function headTensors<H extends HeadTensors>(where: string, head: H, params: Params): H {
  const entries = Object.entries(head).map(([name, x]) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (!value)
      fail(where, {
        expected: `a value for its parameter ${name}`,
        got: "none",
        fix: "Pass the params of the loss or head, changed or not.",
      });
    checkTensor(where, name, value);
    const tensor = writeTfjs(value);
    if (!isVariable(x)) return [name, tensor];
    x.assign(tensor);
    return [name, x];
  });
  return Object.fromEntries(entries) as H;
}

const isVariable = (x: TfjsTensor): x is Variable => "assign" in x;
