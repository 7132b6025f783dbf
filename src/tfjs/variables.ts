import { variable, type Tensor as TfjsTensor, type Variable } from "@tensorflow/tfjs-core";
import type { Params } from "../tensor";
import { fromTfjs, toTfjs } from "./convert";

/**
 * A tfjs variable for every parameter, for tfjs optimizers to move. The caller disposes of them.
 *
 * @throws LtrnnError as {@link toTfjs}
 * @example variablesOf({ a: tensor([2], [1, 2]) }).a.dataSync() // Float32Array [1, 2]
 */
export function variablesOf<P extends Params>(params: P): { [K in keyof P & string]: Variable } {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, x]) => {
      if (!x) return [];
      const start = toTfjs(x),
        held = variable(start);
      start.dispose();
      return [[name, held]];
    }),
  ) as { [K in keyof P & string]: Variable };
}

/**
 * The way back: our tensors with the numbers of tfjs tensors or variables, by the same names. For a model, `model.with({ params: await paramsOf(variables) })`.
 *
 * @example (await paramsOf(variablesOf({ a: tensor([2], [1, 2]) }))).a.data // Float64Array [1, 2]
 */
export async function paramsOf(tensors: Readonly<Record<string, TfjsTensor>>): Promise<Params> {
  return Object.fromEntries(
    await Promise.all(Object.entries(tensors).map(async ([name, x]) => [name, await fromTfjs(x)] as const)),
  );
}
