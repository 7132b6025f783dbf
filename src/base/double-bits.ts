const view = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** The upper 32 bits of a double, signed: sign, exponent and the first 20 bits of the fraction. */
export function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getInt32(0);
}

/** The double with other upper 32 bits. */
export function withHighWord(x: number, high: number): number {
  view.setFloat64(0, x);
  view.setInt32(0, high);
  return view.getFloat64(0);
}

/** The double with its lower 32 bits zero: its product with another such is exact. */
export function withoutLowWord(x: number): number {
  view.setFloat64(0, x);
  view.setInt32(4, 0);
  return view.getFloat64(0);
}

/**
 * 2^k, for whole k from -1022 to 1023. Most of them are a float32, and are written as one: the processor forwards a
 * word that is read back as it was written, but a double that was written in halves waits for memory.
 */
export function powerOfTwo(k: number): number {
  if (k >= -126 && k <= 127) {
    view.setInt32(0, (k + 127) << 23);
    return view.getFloat32(0);
  }
  view.setInt32(0, (k + 1023) << 20);
  view.setInt32(4, 0);
  return view.getFloat64(0);
}

/** x 2^k, rounded once, for |x| near 1 and any whole k from -1100 to 1100. */
export function scaled(x: number, k: number): number {
  if (k > 1023) return x * 2 * powerOfTwo(Math.min(k - 1, 1023));
  if (k < -1021) return x * powerOfTwo(Math.max(k + 1000, -1022)) * powerOfTwo(-1000);
  return x * powerOfTwo(k);
}

/** The exponent k of the power of two with 2^k <= x < 2^(k + 1), for finite x > 0. */
export function powerOfTwoBelow(x: number): number {
  return x < 2.2250738585072014e-308 ? (highWord(x * 18014398509481984) >> 20) - 1077 : (highWord(x) >> 20) - 1023;
}

/** The k of a normal positive x for which x 2^-k is in [sqrt 1/2, sqrt 2). */
export function nearestExponent(x: number): number {
  return ((highWord(x) + (0x3ff00000 - 0x3fe6a09e)) >> 20) - 1023; // sqrt 1/2 begins with 3fe6a09e
}
