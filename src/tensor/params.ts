import type { Tensor } from "./shape";

/** What learns: a flat record of tensors. A parameter that a model does not have is absent, or undefined. */
export type Params = { readonly [name: string]: Tensor | undefined };

/** The same record with every tensor's entries replaced: `f(entries, name)` gives the new ones. */
export function mapParams<P extends Params>(params: P, f: (data: Float64Array, name: string) => Float64Array): P {
  const entries = Object.entries(params).flatMap(([name, x]) =>
    x ? [[name, { shape: x.shape, data: f(x.data, name) }]] : [],
  );
  return Object.fromEntries(entries) as unknown as P;
}

/** The number of entries of all tensors, except those of the given names. */
export const parameterCount = (params: Params, except: readonly string[] = []): number =>
  Object.entries(params).reduce((sum, [name, x]) => sum + (x && !except.includes(name) ? x.data.length : 0), 0);

/** The Euclidean norm over all entries of all tensors; no square overflows or underflows. */
export function paramsNorm(params: Params): number {
  const sum = sumOfSquares(params, 1);
  if ((sum > 1e-200 && sum < 1e200) || Number.isNaN(sum)) return Math.sqrt(sum);
  const largest = largestEntry(params);
  return largest === 0 || largest === Infinity ? largest : largest * Math.sqrt(sumOfSquares(params, largest));
}

function sumOfSquares(params: Params, unit: number): number {
  let sum = 0;
  for (const x of Object.values(params))
    if (x)
      for (let i = 0; i < x.data.length; i++) {
        const entry = x.data[i] / unit;
        sum += entry * entry;
      }
  return sum;
}

/** The largest entry of all tensors in size. */
export function largestEntry(params: Params): number {
  let largest = 0;
  for (const x of Object.values(params))
    if (x) for (let i = 0; i < x.data.length; i++) largest = Math.max(largest, Math.abs(x.data[i]));
  return largest;
}
