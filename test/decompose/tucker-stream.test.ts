import { expect, test } from "vitest";
import { tuckerStream } from "../../src/decompose";
import { tuckerToTensor } from "../../src/factored";
import { gram, matmul, norm, subtract, tensor, transpose, zeros, type Matrix, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

/** Slices of a random walk in a space of so many directions, with noise. */
function walk(draw: Draw, units: number, count: number, rank: number, noise: number): Matrix[] {
  const left = draw.normal([units, rank]),
    right = draw.normal([rank, units]);
  let middle = draw.normal([rank, rank]);
  return Array.from({ length: count }, () => {
    const step = draw.normal([rank, rank], 0.3);
    middle = { shape: middle.shape, data: middle.data.map((value, i) => value + step.data[i]) };
    const x = matmul(matmul(left, middle), right),
      extra = draw.normal([units, units], noise);
    return { shape: x.shape, data: x.data.map((value, i) => value + extra.data[i]) };
  });
}

const stacked = (slices: readonly Matrix[]): Tensor => {
  const [rows, columns] = slices[0].shape,
    x = zeros([rows, columns, slices.length]);
  slices.forEach(({ data }, k) => {
    data.forEach((value, i) => {
      x.data[i * slices.length + k] = value;
    });
  });
  return x;
};

test("the bound holds, is the error itself, and is within what is allowed, whatever the order of slices brings", () =>
  sweep((draw) => {
    const allowed = [0.3, 0.05, 1e-3, 1e-9][draw.int(0, 3)],
      slices = walk(draw, 9, 14, draw.int(1, 4), draw.int(0, 1) * 0.05),
      stream = tuckerStream([9, 9], { relativeError: allowed, seed: draw.seed }),
      said = slices.map((slice) => stream.append(slice)),
      found = stream.result(),
      x = stacked(slices),
      difference = subtract(x, tuckerToTensor(found));
    expect(found.sliceErrors).toEqual(said);
    expect(found.status).toBe("converged");
    expect(found.errorBound).toBeLessThanOrEqual(allowed * (1 + 1e-9));
    expect(Math.abs(found.errorBound - norm(difference) / norm(x))).toBeLessThan(1e-12); // rounding of projections
    for (const [k, slice] of slices.entries()) {
      const own = Array.from({ length: 81 }, (_, i) => difference.data[i * slices.length + k]);
      expect(Math.abs(said[k] - Math.hypot(...own) / norm(slice))).toBeLessThan(1e-12);
    }
    for (const u of found.factors.slice(0, 2))
      close(
        gram(u),
        tensor(
          gram(u).shape,
          Array.from(gram(u).data, (_, i) => (i % (u.shape[1] + 1) === 0 ? 1 : 0)),
        ),
        1e-12,
      );
  }, 16));

test("slices of low rank need that many directions and few more, and later slices leave earlier results alone", () =>
  sweep((draw) => {
    const slices = walk(draw, 20, 30, 3, 1e-4),
      stream = tuckerStream([20, 20], { relativeError: 0.01 });
    for (const slice of slices.slice(0, 10)) stream.append(slice);
    const early = stream.result(),
      copy = structuredClone(early);
    for (const slice of slices.slice(10)) stream.append(slice);
    expect(early).toEqual(copy);
    const { core, factors } = stream.result();
    expect(Math.max(core.shape[0], core.shape[1])).toBeLessThanOrEqual(4);
    expect(core.shape[2]).toBeLessThanOrEqual(9);
    expect(factors[2].shape).toEqual([30, core.shape[2]]);
    expect([...early.factors[2].shape]).toEqual([10, early.core.shape[2]]);
  }, 6));

test("where the most directions do not suffice, the error is larger, is said, and is still a bound", () =>
  sweep((draw) => {
    const slices = walk(draw, 8, 10, 5, 0.1),
      stream = tuckerStream([8, 8], { relativeError: 0.01, mostRank: 2 });
    for (const slice of slices) stream.append(slice);
    const found = stream.result(),
      x = stacked(slices);
    expect(found.core.shape.every((rank) => rank <= 2)).toBe(true);
    expect(found.status).toBe("exhausted");
    expect(found.errorBound).toBeGreaterThan(0.01);
    expect(Math.abs(found.errorBound - norm(subtract(x, tuckerToTensor(found))) / norm(x))).toBeLessThan(1e-12);
  }, 6));

test("slices of zeros, of one mode and of three, and wrong ones", () => {
  const still = tuckerStream([3, 3]);
  expect(still.append(zeros([3, 3]))).toBe(0);
  expect(tuckerToTensor(still.result())).toEqual(zeros([3, 3, 1]));
  const line = tuckerStream([2]);
  line.append(tensor([2], [3, 4]));
  line.append(tensor([2], [6, 8]));
  close(tuckerToTensor(line.result()), tensor([2, 2], [3, 6, 4, 8]), 1e-14);
  const block = tuckerStream([2, 2, 2]);
  block.append(tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 9]));
  expect(block.result().errorBound).toBeLessThan(0.01);
  expect(() => still.append(zeros([3, 2]))).toThrow("tuckerStream: expected slice of shape (3 × 3), as the stream");
  expect(() => still.append(tensor([3, 3], new Array(9).fill(NaN)))).toThrow("tuckerStream: expected finite entries");
  expect(() => tuckerStream([0, 2])).toThrow("tuckerStream: expected slices of one mode or more, none of them empty");
  expect(transpose(still.result().factors[0]).shape).toEqual([0, 3]);
});
