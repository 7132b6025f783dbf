import { variable, type Tensor as TfjsTensor, type Variable } from "@tensorflow/tfjs-core";
import { fail, isRecord, show } from "../base";
import type { Params } from "../tensor";
import { tensorOf, tfjsOf } from "./convert";

/**
 * A tfjs variable for every parameter, for tfjs optimizers to move. The caller disposes of them.
 *
 * @throws LtrnnError when params is no record of tensors, and as {@link toTfjs}
 * @example variablesOf({ a: tensor([2], [1, 2]) }).a.dataSync() // Float32Array [1, 2]
 */
export function variablesOf<P extends Params>(params: P): { [K in keyof P & string]: Variable } {
  if (!isRecord(params))
    fail("variablesOf", {
      expected: "params to be a record of tensors",
      got: show(params),
      fix: "Pass model.params, or some of them by name.",
    });
  const variables: [name: string, Variable][] = [];
  try {
    for (const [name, x] of Object.entries(params)) {
      if (x === undefined) continue;
      const start = tfjsOf("variablesOf", name, x);
      variables.push([name, variable(start)]);
      start.dispose();
    }
  } catch (error) {
    for (const [, x] of variables) x.dispose();
    throw error;
  }
  return Object.fromEntries(variables) as { [K in keyof P & string]: Variable };
}

/**
 * The way back: our tensors with the numbers of tfjs tensors or variables, by the same names. For a model,
 * `model.with({ params: await paramsOf(variables) })`.
 *
 * @throws LtrnnError when tensors is no record of tfjs tensors, and as {@link fromTfjs}
 * @example (await paramsOf(variablesOf({ a: tensor([2], [1, 2]) }))).a.data // Float64Array [1, 2]
 */
export async function paramsOf(tensors: Readonly<Record<string, TfjsTensor>>): Promise<Params> {
  if (!isRecord(tensors))
    fail("paramsOf", {
      expected: "tensors to be a record of tfjs tensors",
      got: show(tensors),
      fix: "Pass what variablesOf gave.",
    });
  return Object.fromEntries(
    await Promise.all(
      Object.entries(tensors).map(async ([name, x]) => [name, await tensorOf("paramsOf", name, x)] as const),
    ),
  );
}
