// Trials in rows of float64 into panels, and back: two entries of two or four trials at a time, transposed in
// registers.

/** Two entries of a trial; all bits set, which is NaN, where the mask hides them. */
// @ts-ignore: decorator
@inline
function visible(from: usize, hidden: v128): v128 {
  return v128.or(v128.load(from), hidden);
}

/** All bits set at the entries, of two, that the mask hides. */
// @ts-ignore: decorator
@inline
function hiddenBits(mask: usize, at: usize): v128 {
  if (mask) return v128.eq<f64>(v128.load(mask + at), f64x2.splat(0));
  return i64x2.splat(0);
}

/** Not all zero where an entry that is not hidden is not finite: x - x is 0 or NaN. */
// @ts-ignore: decorator
@inline
function notFinite(x: v128, hidden: v128): v128 {
  return v128.andnot(v128.sub<f64>(x, x), hidden);
}

/**
 * Trials in rows of float64 into a panel: out[step * outStep + i][lane] = from[lane][step * n + i]. Lanes past `filled`
 * get the last trial, or NaN where `padWithNaN`; entries where the mask is 0 become NaN. Returns how many entries that
 * are not hidden are not finite.
 */
// @ts-ignore: decorator
@inline
export function pack<T>(
  out: usize,
  outStep: usize,
  from: usize,
  mask: usize,
  steps: i32,
  n: i32,
  filled: i32,
  padWithNaN: i32,
): i32 {
  const lanes = 64 / <i32>sizeof<T>(),
    group = lanes / 4,
    trial = <usize>steps * <usize>n * 8;
  let bits = i64x2.splat(0),
    bad = false;
  for (let s = 0, row: usize = 0; s < steps; s++, out += outStep, row += <usize>n * 8)
    for (let lane = 0; lane < lanes; lane += group) {
      let i = 0;
      if (lane + group <= filled)
        for (
          let at = <usize>lane * trial + row, to = out + <usize>lane * sizeof<T>();
          i + 2 <= n;
          i += 2, at += 16, to += 128
        ) {
          const p = at + trial,
            hiddenA = hiddenBits(mask, at),
            hiddenB = hiddenBits(mask, p),
            a = visible(from + at, hiddenA),
            b = visible(from + p, hiddenB);
          bits = v128.or(bits, v128.or(notFinite(a, hiddenA), notFinite(b, hiddenB)));
          if (sizeof<T>() == 8) {
            v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
            v128.store(to + 64, v128.shuffle<f64>(a, b, 1, 3));
          } else {
            const q = p + trial,
              r = q + trial,
              hiddenC = hiddenBits(mask, q),
              hiddenD = hiddenBits(mask, r),
              c = visible(from + q, hiddenC),
              d = visible(from + r, hiddenD);
            bits = v128.or(bits, v128.or(notFinite(c, hiddenC), notFinite(d, hiddenD)));
            const ab = v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 4, 1, 5),
              cd = v128.shuffle<f32>(f32x4.demote_f64x2_zero(c), f32x4.demote_f64x2_zero(d), 0, 4, 1, 5);
            v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
            v128.store(to + 64, v128.shuffle<f64>(ab, cd, 1, 3));
          }
        }
      for (; i < n; i++)
        for (let l = lane; l < lane + group; l++) {
          const at = <usize>min(l, filled - 1) * trial + row + <usize>i * 8,
            hidden = (l >= filled && padWithNaN) || (mask && load<f64>(mask + at) == 0),
            value = load<f64>(from + at);
          store<T>(out + <usize>i * 64 + <usize>l * sizeof<T>(), hidden ? <T>NaN : <T>value);
          if (!hidden && !(Math.abs(value) < Infinity)) bad = true;
        }
    }
  return bad || v128.any_true(bits) ? countBad<T>(from, mask, steps * n, filled, padWithNaN) : 0;
}

/** How many entries that are not hidden are not finite: a second pass, made only where there are any. */
function countBad<T>(from: usize, mask: usize, size: i32, filled: i32, padWithNaN: i32): i32 {
  const lanes = 64 / <i32>sizeof<T>();
  let bad = 0;
  for (let lane = 0, end = padWithNaN ? filled : lanes; lane < end; lane++)
    for (let i = 0, at = <usize>min(lane, filled - 1) * <usize>size * 8; i < size; i++, at += 8)
      if (!(mask && load<f64>(mask + at) == 0) && !(Math.abs(load<f64>(from + at)) < Infinity)) bad++;
  return bad;
}

/** The inverse of pack, for the first `filled` lanes: out[lane][step * n + i] = from[step * fromStep + i][lane]. */
// @ts-ignore: decorator
@inline
export function unpack<T>(out: usize, from: usize, fromStep: usize, steps: i32, n: i32, filled: i32): void {
  const group = 16 / <i32>sizeof<T>(),
    trial = <usize>steps * <usize>n * 8;
  for (let s = 0; s < steps; s++, from += fromStep, out += <usize>n * 8)
    for (let lane = 0; lane < filled; lane += group) {
      let i = 0;
      if (lane + group <= filled)
        for (
          let at = from + <usize>lane * sizeof<T>(), to = out + <usize>lane * trial;
          i + 2 <= n;
          i += 2, at += 128, to += 16
        ) {
          const x = v128.load(at),
            y = v128.load(at, 64);
          if (sizeof<T>() == 8) {
            v128.store(to, v128.shuffle<f64>(x, y, 0, 2));
            v128.store(to + trial, v128.shuffle<f64>(x, y, 1, 3));
          } else {
            const low = v128.shuffle<f32>(x, y, 0, 4, 1, 5),
              high = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
            v128.store(to, f64x2.promote_low_f32x4(low));
            v128.store(to + trial, f64x2.promote_low_f32x4(v128.shuffle<f64>(low, low, 1, 1)));
            v128.store(to + 2 * trial, f64x2.promote_low_f32x4(high));
            v128.store(to + 3 * trial, f64x2.promote_low_f32x4(v128.shuffle<f64>(high, high, 1, 1)));
          }
        }
      for (const last = min(lane + group, filled); i < n; i++)
        for (let l = lane; l < last; l++)
          store<f64>(
            out + <usize>l * trial + <usize>i * 8,
            <f64>load<T>(from + <usize>i * 64 + <usize>l * sizeof<T>()),
          );
    }
}
