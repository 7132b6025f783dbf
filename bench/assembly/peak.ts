// Independent multiplications and additions, seven chains of each, in registers: what SIMD128 can do at most on this
// machine.

export function multiplyAdd32(n: i32): f32 {
  const c = f32x4.splat(1);
  let a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, b0 = c, b1 = c, b2 = c, b3 = c, b4 = c, b5 = c, b6 = c;
  for (let i = 0; i < n; i++) {
    a0 = f32x4.mul(a0, c); b0 = f32x4.add(b0, c); a1 = f32x4.mul(a1, c); b1 = f32x4.add(b1, c);
    a2 = f32x4.mul(a2, c); b2 = f32x4.add(b2, c);
    a3 = f32x4.mul(a3, c); b3 = f32x4.add(b3, c); a4 = f32x4.mul(a4, c); b4 = f32x4.add(b4, c);
    a5 = f32x4.mul(a5, c); b5 = f32x4.add(b5, c); a6 = f32x4.mul(a6, c); b6 = f32x4.add(b6, c);
  }
  let s = f32x4.add(f32x4.add(f32x4.add(a0, b0), f32x4.add(a1, b1)), f32x4.add(f32x4.add(a2, b2), f32x4.add(a3, b3)));
  s = f32x4.add(s, f32x4.add(f32x4.add(f32x4.add(a4, b4), f32x4.add(a5, b5)), f32x4.add(a6, b6)));
  return f32x4.extract_lane(s, 0);
}
