import type { Tensor } from "./tensor";

/** What learns: a flat record of tensors. */
export type Params = { readonly [name: string]: Tensor };

/** The same record with every tensor's entries replaced: `f(name, entries of each record)` gives the new ones. */
export function mapParams<P extends Params>(params: P, f: (name: string, data: Float64Array) => Float64Array): P {
  return Object.fromEntries(Object.entries(params).map(([name, { shape, data }]) => [name, { shape, data: f(name, data) }])) as unknown as P;
}

/** The Euclidean norm over all entries of all tensors. */
export function paramsNorm(params: Params): number {
  let sum = 0;
  for (const { data } of Object.values(params)) for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return Math.sqrt(sum);
}
