import { expect, test } from "vitest";
import { orthonormalColumns, pseudoInverse } from "../../src/linalg";
import { jointSweep, spanOf } from "../../src/slices/joint-sweep";
import { partOf, unflat } from "../../src/slices/part";
import { matmul, norm, subtract, tensor, type Matrix, type Tensor } from "../../src/tensor";
import { draw as drawOf, sweep } from "../support/sweep";

const shape = [3, 4, 3] as const,
  ranks = [1, 2, 1];

const sumOf = (parts: ReturnType<typeof jointSweep>): Tensor => {
  const data = new Float64Array(36);
  parts.forEach((part, mode) =>
    partOf(unflat(part, shape, mode), shape, mode).forEach((value, i) => {
      data[i] += value;
    }),
  );
  return { shape, data };
};

/** The least error of any slices with these vectors, by dense least squares: a column for each entry of each slice. */
function leastError(x: Tensor, vectors: readonly Matrix[]): number {
  const columns: Float64Array[] = [];
  for (const [mode, v] of vectors.entries())
    for (let r = 0; r < v.shape[1]; r++)
      for (let other = 0; other < 36 / shape[mode]; other++) {
        const width = shape[mode === 2 ? 1 : 2],
          [high, low] = [Math.floor(other / width), other % width];
        columns.push(
          Float64Array.from({ length: 36 }, (_, at) => {
            const index = [Math.floor(at / 12), Math.floor(at / 3) % 4, at % 3],
              beside = index.filter((_, m) => m !== mode);
            return beside[0] === high && beside[1] === low ? v.data[index[mode] * v.shape[1] + r] : 0;
          }),
        );
      }
  const design = tensor(
      [36, columns.length],
      Array.from(
        { length: 36 * columns.length },
        (_, i) => columns[i % columns.length][Math.floor(i / columns.length)],
      ),
    ),
    y = tensor([36, 1], x.data),
    fitted = matmul(design, matmul(pseudoInverse(design), y));
  return norm(subtract(y, fitted));
}

test("slices are those of dense least squares, and no other vectors of the last kind are better", () => {
  sweep((draw) => {
    const x = draw.normal(shape),
      before = ranks.map((rank, mode) => orthonormalColumns(draw.normal([shape[mode], rank]))),
      parts = jointSweep(x, undefined, ranks, before),
      vectors = parts.map((part) => part.vectors),
      error = norm(subtract(x, sumOf(parts)));
    expect(error).toBeCloseTo(leastError(x, vectors), 12);
    for (let trial = 0; trial < 4; trial++)
      expect(leastError(x, [vectors[0], vectors[1], draw.normal([3, 1])])).toBeGreaterThanOrEqual(error - 1e-12);
  }, 4);
});

test("a sweep never raises the error over observed entries, whatever the missing ones start from", () => {
  sweep((draw) => {
    const x = draw.normal(shape),
      mask = Float64Array.from(x.data, (_, i) => +((i + draw.seed) % 5 !== 0)),
      errorOf = (now: Tensor) => Math.sqrt(x.data.reduce((sum, v, i) => sum + mask[i] * (v - now.data[i]) ** 2, 0));
    let parts = jointSweep(
        x,
        undefined,
        ranks,
        ranks.map((_, mode) => tensor([shape[mode], 0], [])),
      ),
      before = Infinity;
    for (let k = 0; k < 8; k++) {
      const model = sumOf(parts),
        filled = { shape, data: x.data.map((value, i) => (mask[i] === 0 ? model.data[i] : value)) };
      parts = jointSweep(filled, mask, ranks, parts.map(spanOf));
      const error = errorOf(sumOf(parts));
      expect(error).toBeLessThanOrEqual(before + 1e-13);
      before = error;
    }
  }, 4);
});

test("a kind whose slices are zero spans nothing", () => {
  const vectors = drawOf(1).normal([3, 2]),
    zeros = { shape: [2, 4] as const, data: new Float64Array(8) };
  expect(spanOf({ vectors, slices: zeros }).shape).toEqual([3, 0]);
  expect(spanOf({ vectors, slices: { ...zeros, data: zeros.data.map((_, i) => +(i === 7)) } }).shape).toEqual([3, 2]);
});
