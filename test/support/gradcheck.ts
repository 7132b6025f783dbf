import { expect } from "vitest";
import type { Params, Tensor } from "../../src/tensor";

/**
 * A gradient against central differences along one random direction per parameter: `<g, v> = (f(p + h v) - f(p - h v))
 * / 2h`.
 *
 * `tolerance` is relative to |g| |v|: with h = 1e-5 of the direction's unit length, differences are good to about
 * 1e-9, so 1e-7 leaves room.
 */
export function gradcheck(
  f: (params: Params) => number,
  params: Params,
  gradients: Params,
  normal: (shape: readonly number[]) => Tensor,
  tolerance = 1e-7,
): void {
  for (const [name, p] of Object.entries(params)) {
    if (!p || p.data.length === 0) continue;
    const g = gradients[name];
    expect(g?.shape, name).toEqual(p.shape);
    const direction = normal(p.shape).data;
    const length = Math.hypot(...direction),
      h = 1e-5;
    const moved = (sign: number) =>
      f({ ...params, [name]: { shape: p.shape, data: p.data.map((x, i) => x + (sign * h * direction[i]) / length) } });
    const numeric = (moved(1) - moved(-1)) / (2 * h);
    const exact = g!.data.reduce((sum, x, i) => sum + (x * direction[i]) / length, 0);
    const scale = Math.max(1e-3, Math.hypot(...g!.data));
    expect(
      Math.abs(numeric - exact) / scale,
      `${name}: ${exact} by the adjoint, ${numeric} by differences`,
    ).toBeLessThan(tolerance);
  }
}
