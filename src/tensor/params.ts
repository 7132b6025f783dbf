import type { Tensor } from "./tensor";

/** What learns: a flat record of tensors. A parameter that a model goes without is absent, or undefined. */
export type Params = { readonly [name: string]: Tensor | undefined };

/** The same record with every tensor's entries replaced: `f(entries, name)` gives the new ones. */
export function mapParams<P extends Params>(params: P, f: (data: Float64Array, name: string) => Float64Array): P {
  const entries = Object.entries(params).flatMap(([name, x]) =>
    x ? [[name, { shape: x.shape, data: f(x.data, name) }]] : [],
  );
  return Object.fromEntries(entries) as unknown as P;
}

/** The Euclidean norm over all entries of all tensors. */
export function paramsNorm(params: Params): number {
  let sum = 0;
  for (const x of Object.values(params)) if (x) for (let i = 0; i < x.data.length; i++) sum += x.data[i] * x.data[i];
  return Math.sqrt(sum);
}
