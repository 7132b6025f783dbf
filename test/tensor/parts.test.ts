import { expect, test } from "vitest";
import { concat, permute, select, type Shape, slice, tensor, type Tensor, transpose, unfold } from "../../src/tensor";
import { sweep } from "../support/sweep";

const x = tensor(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, i) => i),
);

// numpy.arange(24).reshape(2, 3, 4): expected values are NumPy's
test("slice is NumPy's basic slicing", () => {
  expect(slice(x, [[1], [0, 2], [0, 4, 3]])).toEqual(tensor([1, 2, 2], [12, 15, 16, 19]));
  expect(slice(x, [[-1], [-2, -1]])).toEqual(tensor([1, 1, 4], [16, 17, 18, 19]));
  expect(slice(x, [undefined, [5, 9]]).shape).toEqual([2, 0, 4]);
  expect(
    slice(x, [
      [-99, 99, 2],
      [2, 1],
    ]).shape,
  ).toEqual([1, 0, 4]);
  expect(slice(x, [])).toEqual(x);
  expect(slice(tensor([], [7]), [])).toEqual(tensor([], [7]));
});

test("select is numpy.take along an axis", () => {
  expect(select(x, 1, [2, -3])).toEqual(tensor([2, 2, 4], [8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15]));
  expect(select(x, 2, Int32Array.of(3)).data).toEqual(Float64Array.of(3, 7, 11, 15, 19, 23));
  expect(select(x, 0, []).shape).toEqual([0, 3, 4]);
});

test("permute is numpy.transpose", () => {
  expect(permute(x, [2, 0, 1]).shape).toEqual([4, 2, 3]);
  expect([...permute(x, [2, 0, 1]).data.subarray(0, 8)]).toEqual([0, 4, 8, 12, 16, 20, 1, 5]);
  expect(permute(tensor([], [7]), [])).toEqual(tensor([], [7]));
});

test("concat is numpy.concatenate", () => {
  expect(concat([slice(x, [undefined, undefined, [0, 1]]), slice(x, [undefined, undefined, [3]])], 2).data).toEqual(
    Float64Array.of(0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23),
  );
});

test("laws: what is cut and joined is the same; two permutations are their product; unfolding is a permutation", () =>
  sweep((draw) => {
    const shape = [draw.int(1, 4), draw.int(1, 4), draw.int(1, 4)];
    const y = draw.normal(shape),
      mode = draw.int(0, 2),
      cut = draw.int(0, shape[mode]);
    const ranges = (range: readonly [number, number]) => shape.map((_, other) => (other === mode ? range : undefined));
    expect(concat([slice(y, ranges([0, cut])), slice(y, ranges([cut, shape[mode]]))], mode)).toEqual(y);
    expect(permute(permute(y, [1, 2, 0]), [2, 0, 1])).toEqual(y);
    const others = [0, 1, 2].filter((other) => other !== mode);
    expect(unfold(y, mode).data).toEqual(permute(y, [mode, ...others]).data);
    const m = draw.normal([shape[0], shape[1]]) as Tensor<readonly [number, number]>;
    expect(permute(m, [1, 0])).toEqual(transpose(m));
    expect(
      select(
        y,
        mode,
        Array.from({ length: shape[mode] }, (_, i) => i),
      ),
    ).toEqual(y);
  }));

test("wrong parts are refused, with the place and what to do", () => {
  expect(() => slice(x, [[0, 1, 0]])).toThrow(
    /slice: expected the range of mode 0 to be .* step at least 1, got \[0, 1, 0\]/,
  );
  expect(() => slice(x, [undefined, undefined, undefined, [0]])).toThrow(/at most 3 ranges/);
  expect(() => select(x, 1, [3])).toThrow(/select: expected indices\[0\] to be a whole number from -3 to 2, got 3/);
  expect(() => permute(x, [0, 0, 1])).toThrow(/permute: expected every mode from 0 to 2 once, got \[0, 0, 1\]/);
  expect(() => concat<Shape>([x, transpose(tensor([1, 2], [1, 2]))], 0)).toThrow(
    /concat: expected tensors\[1\] of shape \(any × 3 × 4\)/,
  );
  expect(() => concat([], 0)).toThrow(/concat: expected an array of at least one tensor, got an empty array/);
});
