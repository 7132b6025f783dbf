import type { Network } from "../models";
import type { Params } from "../tensor";
import type { Run } from "./run-panels";

/** The gradients of a run by the names of the model's parameters. */
export function namedGradients<M extends Network>(model: M, { shared, perTrial, x0 }: Run): M["params"] {
  const { left, right, perTrial: factors, static: w0 } = model.connectivity;
  const all: Record<string, Float64Array> = {
    ...shared,
    x0,
    [left]: shared.left,
    ...(right ? { [right]: shared.right } : {}),
    ...(w0 ? { [w0]: shared.static } : {}),
    ...(factors ? { [factors]: perTrial } : {}),
  };
  return Object.fromEntries(
    Object.entries(model.params as Params).flatMap(([name, p]) =>
      p ? [[name, { shape: p.shape, data: filled(all[name], p.data.length) }]] : [],
    ),
  ) as unknown as M["params"];
}

/** The gain of a filter moves nothing where nothing is observed. */
const filled = (data: Float64Array, length: number): Float64Array =>
  data.length === length ? data : new Float64Array(length);
