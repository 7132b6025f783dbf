/**
 * Trials in rows into lanes: out[step * outStep + i][lane] = from[lane][step * n + i], float64 in; lanes past `filled` get the last trial, or NaN where `padWithNaN`.
 * With a mask, entries under 0 become NaN. Returns how many entries that are to be read are not finite.
 */
// @ts-ignore: decorator
@inline
export function pack<T>(out: usize, outStep: usize, from: usize, mask: usize, steps: i32, n: i32, filled: i32, padWithNaN: i32): i32 {
  const lanes = 64 / <i32>sizeof<T>(), trial = <usize>steps * <usize>n * 8;
  let bad = 0;
  for (let s = 0, row: usize = 0; s < steps; s++, out += outStep)
    for (let i = 0, to = out; i < n; i++, row += 8)
      for (let lane = 0; lane < lanes; lane++, to += sizeof<T>()) {
        if (lane >= filled && padWithNaN) {
          store<T>(to, <T>NaN);
          continue;
        }
        const at = <usize>min(lane, filled - 1) * trial + row;
        if (mask && load<f64>(mask + at) == 0) store<T>(to, <T>NaN);
        else {
          const value = load<f64>(from + at);
          if (!(Math.abs(value) < Infinity)) bad++;
          store<T>(to, <T>value);
        }
      }
  return bad;
}
