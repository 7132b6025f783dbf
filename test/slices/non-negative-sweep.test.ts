import { expect, test } from "vitest";
import { nonNegativeSweep } from "../../src/slices/non-negative-sweep";
import { partOf, residualOf, unflat, type FlatPart } from "../../src/slices/part";
import { tensor } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("a sweep of non-negative components never raises the error, with missing entries too", () => {
  sweep((draw) => {
    const shape = [4, 5, 3] as const,
      positive = (size: readonly [number, number]) => tensor(size, draw.normal(size).data.map(Math.abs)),
      mask = draw.seed % 2 === 0 ? undefined : Float64Array.from({ length: 60 }, (_, i) => +((i + draw.seed) % 4 > 0)),
      x = { shape, data: draw.normal(shape).data.map((value, i) => (mask?.[i] === 0 ? 0 : 1 + value)) },
      made = (parts: readonly FlatPart[]) => parts.map((part, k) => partOf(unflat(part, shape, k), shape, k)),
      squares = (parts: readonly FlatPart[]) => residualOf(x, made(parts), mask).reduce((sum, r) => sum + r * r, 0);
    let parts: FlatPart[] = shape.map((size) => ({ vectors: positive([size, 1]), slices: positive([1, 60 / size]) })),
      before = squares(parts);
    const first = before;
    for (let k = 0; k < 6; k++) {
      parts = nonNegativeSweep(x, mask, parts, made(parts));
      const now = squares(parts);
      expect(now).toBeLessThanOrEqual(before * (1 + 1e-14));
      before = now;
    }
    expect(before).toBeLessThan(0.9 * first);
    for (const { vectors, slices } of parts)
      for (const { data } of [vectors, slices]) expect(data.every((value) => value >= 0)).toBe(true);
  }, 6);
});
