import type { Network } from "../models";
import type { Params } from "../tensor";
import type { Run } from "./run-panels";

/** The gradients of a run by the names of the model's parameters. */
export function namedGradients<M extends Network>(model: M, { shared, perTrial, x0 }: Run): M["params"] {
  const { left, right, perTrial: factors } = model.connectivity;
  const all: Record<string, Float64Array> = {
    ...shared,
    x0,
    [left]: shared.left,
    ...(right ? { [right]: shared.right } : {}),
    ...(factors ? { [factors]: perTrial } : {}),
  };
  return Object.fromEntries(
    Object.entries(model.params as Params).flatMap(([name, p]) =>
      p ? [[name, { shape: p.shape, data: all[name] }]] : [],
    ),
  ) as unknown as M["params"];
}
