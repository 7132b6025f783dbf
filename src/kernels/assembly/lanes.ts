/**
 * Trials in rows of the precision of the lanes into a panel: out[step * outStep + i][lane] = from[lane][step * n + i];
 * lanes past `filled` get zeros. Returns 1 where all numbers are finite, or else 0.
 */
// @ts-ignore: decorator
@inline
export function interleave<T>(out: usize, outStep: usize, from: usize, steps: i32, n: i32, filled: i32): i32 {
  const lanes = 64 / <i32>sizeof<T>(),
    trial = <usize>steps * <usize>n * sizeof<T>();
  let zeros = f32x4.splat(0),
    zero: f64 = 0; // sums of x - x, which is 0 or NaN
  for (let s = 0; s < steps; s++, out += outStep, from += <usize>n * sizeof<T>())
    for (let lane = 0; lane < lanes; lane += 4) {
      let i = 0;
      const at = from + <usize>lane * trial,
        to = out + <usize>lane * sizeof<T>();
      if (sizeof<T>() == 4 && lane + 4 <= filled)
        for (; i + 4 <= n; i += 4) {
          const x = at + <usize>i * 4,
            y = to + <usize>i * 64;
          const a = v128.load(x),
            b = v128.load(x + trial),
            c = v128.load(x + 2 * trial),
            d = v128.load(x + 3 * trial);
          writeTransposed(a, b, c, d, y, 64);
          zeros = f32x4.add(
            zeros,
            f32x4.add(f32x4.add(f32x4.sub(a, a), f32x4.sub(b, b)), f32x4.add(f32x4.sub(c, c), f32x4.sub(d, d))),
          );
        }
      for (; i < n; i++)
        for (let l = 0; l < 4; l++) {
          const x: T = lane + l < filled ? load<T>(at + <usize>l * trial + <usize>i * sizeof<T>()) : <T>0;
          store<T>(to + <usize>i * 64 + <usize>l * sizeof<T>(), x);
          zero += <f64>x - <f64>x;
        }
    }
  return zero == 0 &&
    f32x4.extract_lane(zeros, 0) == 0 &&
    f32x4.extract_lane(zeros, 1) == 0 &&
    f32x4.extract_lane(zeros, 2) == 0 &&
    f32x4.extract_lane(zeros, 3) == 0
    ? 1
    : 0;
}

/**
 * The inverse of interleave, for the first `filled` lanes: out[lane][step * n + i] = from[step * fromStep + i][lane].
 */
// @ts-ignore: decorator
@inline
export function deinterleave<T>(out: usize, from: usize, fromStep: usize, steps: i32, n: i32, filled: i32): void {
  const trial = <usize>steps * <usize>n * sizeof<T>();
  for (let s = 0; s < steps; s++, from += fromStep, out += <usize>n * sizeof<T>())
    for (let lane = 0; lane < filled; lane += 4) {
      let i = 0;
      const at = from + <usize>lane * sizeof<T>(),
        to = out + <usize>lane * trial;
      if (sizeof<T>() == 4 && lane + 4 <= filled)
        for (; i + 4 <= n; i += 4) {
          const x = at + <usize>i * 64;
          writeTransposed(
            v128.load(x),
            v128.load(x + 64),
            v128.load(x + 128),
            v128.load(x + 192),
            to + <usize>i * 4,
            trial,
          );
        }
      const last = min(4, filled - lane);
      for (; i < n; i++)
        for (let l = 0; l < last; l++)
          store<T>(
            to + <usize>l * trial + <usize>i * sizeof<T>(),
            load<T>(at + <usize>i * 64 + <usize>l * sizeof<T>()),
          );
    }
}

/** Writes four rows of four float32 numbers transposed, as rows `step` bytes apart. */
// @ts-ignore: decorator
@inline
function writeTransposed(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7),
    cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}
