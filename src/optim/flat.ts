import type { Params } from "../tensor";

/** The entries of these parameters, one parameter after another. */
export function flatten(params: Params, names: readonly string[]): Float64Array {
  const arrays = names.map((name) => params[name]?.data ?? new Float64Array(0)),
    out = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const data of arrays) {
    out.set(data, at);
    at += data.length;
  }
  return out;
}

/** Entries times a factor, in the shapes of these parameters. */
export function unflatten(entries: Float64Array, factor: number, like: Params, names: readonly string[]): Params {
  let at = 0;
  return Object.fromEntries(
    names.flatMap((name) => {
      const p = like[name];
      if (!p) return [];
      const data = entries.slice(at, at + p.data.length);
      at += p.data.length;
      for (let i = 0; i < data.length; i++) data[i] *= factor;
      return [[name, { shape: p.shape, data }]];
    }),
  );
}

export function dot(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i] * q[i];
  return sum;
}

export function minus(p: Float64Array, q: Float64Array): Float64Array {
  const out = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) out[i] = p[i] - q[i];
  return out;
}
