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

/** Parameters moved along a direction, `p + step d`: what their updates by {@link unflatten} make, to the bit. */
export function movedAlong(params: Params, direction: Float64Array, step: number, names: readonly string[]): Params {
  const moved = Object.fromEntries(Object.entries(params).filter(([, p]) => p));
  let at = 0;
  for (const name of names) {
    const p = params[name];
    if (!p) continue;
    const data = new Float64Array(p.data.length);
    for (let i = 0; i < data.length; i++) data[i] = p.data[i] + direction[at + i] * step;
    at += data.length;
    moved[name] = { shape: p.shape, data };
  }
  return moved;
}

/** What is left of updates where they are added to parameters, `(p + u) - p`, one parameter after another. */
export function roundedSteps(params: Params, updates: Params, names: readonly string[]): Float64Array {
  const steps = flatten(updates, names);
  let at = 0;
  for (const name of names) {
    const p = params[name]?.data ?? new Float64Array(0);
    for (let i = 0; i < p.length; i++, at++) steps[at] = p[i] + steps[at] - p[i];
  }
  return steps;
}

/** In four sums, which do not wait for each other. */
export function dot(p: Float64Array, q: Float64Array): number {
  const whole = p.length - (p.length % 4);
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    s0 += p[i] * q[i];
    s1 += p[i + 1] * q[i + 1];
    s2 += p[i + 2] * q[i + 2];
    s3 += p[i + 3] * q[i + 3];
  }
  for (let i = whole; i < p.length; i++) s0 += p[i] * q[i];
  return s0 + s1 + (s2 + s3);
}

/** Adds a multiple of one vector to another, `q += factor p`, and gives the product of the sum with a third. */
export function addAndDot(q: Float64Array, factor: number, p: Float64Array, r: Float64Array): number {
  const whole = p.length - (p.length % 4);
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    q[i] += factor * p[i];
    s0 += q[i] * r[i];
    q[i + 1] += factor * p[i + 1];
    s1 += q[i + 1] * r[i + 1];
    q[i + 2] += factor * p[i + 2];
    s2 += q[i + 2] * r[i + 2];
    q[i + 3] += factor * p[i + 3];
    s3 += q[i + 3] * r[i + 3];
  }
  for (let i = whole; i < p.length; i++) {
    q[i] += factor * p[i];
    s0 += q[i] * r[i];
  }
  return s0 + s1 + (s2 + s3);
}

export function minus(p: Float64Array, q: Float64Array): Float64Array {
  const out = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) out[i] = p[i] - q[i];
  return out;
}
