import { expect, test } from "vitest";
import {
  checkMask,
  fold,
  gram,
  hadamard,
  khatriRao,
  matmul,
  modeGram,
  modeProduct,
  mttkrp,
  norm,
  subtract,
  tensor,
  transpose,
  unfold,
  zeros,
} from "../../src/tensor";

const throwing = new Proxy(
  {},
  {
    get() {
      throw new TypeError("no");
    },
  },
);
const noTensors: readonly unknown[] = [
  undefined,
  null,
  NaN,
  -1,
  2 ** 40,
  "text",
  Symbol("s"),
  10n,
  [],
  {},
  () => 1,
  new Float64Array(4),
  throwing,
  { shape: [2, 2] },
  { shape: "2", data: new Float64Array(4) },
  { shape: [2, 2], data: [1, 2, 3, 4] },
  { shape: [2, 2], data: new Float64Array(3) },
  { shape: [-2, -2], data: new Float64Array(4) },
  { shape: [2.5, 2], data: new Float64Array(5) },
  { shape: [Symbol("s"), 2], data: new Float64Array(4) },
  { shape: [2 ** 40, 2 ** 40], data: new Float64Array(0) },
  { shape: new Array(3), data: new Float64Array(0) },
  { shape: [2, 2], data: new Float32Array(4) },
];
const good = tensor([2, 2], [1, 2, 3, 4]);

/** Each takes something that should be a tensor. */
const calls: Readonly<Record<string, (x: never) => unknown>> = {
  unfold: (x) => unfold(x, 0),
  fold: (x) => fold(x, 0, [2, 2]),
  khatriRao: (x) => khatriRao([x, x]),
  mttkrp: (x) => mttkrp(x, [good, good], 0),
  modeProduct: (x) => modeProduct(good, x, 0),
  matmul: (x) => matmul(good, x),
  gram,
  modeGram: (x) => modeGram(x, 0),
  hadamard: (x) => hadamard(x, x),
  subtract: (x) => subtract(good, x),
  norm,
  transpose,
};

test.each(Object.keys(calls))("%s refuses what is no tensor, in its own name, and says what came", (where) => {
  for (const x of noTensors)
    expect(() => calls[where](x as never)).toThrow(
      expect.objectContaining({ name: "LtrnnError", where, got: expect.stringMatching(/./) }),
    );
});

test("shapes, sizes and entries that are none are refused before memory is taken", () => {
  for (const shape of ["abc", null, [-1], [1.5], [NaN], [Symbol("s")], [2 ** 40], [2 ** 30, 2 ** 30], new Array(2), 7])
    for (const call of [() => zeros(shape as never), () => tensor(shape as never, [])])
      expect(call).toThrow(expect.objectContaining({ name: "LtrnnError", got: expect.stringMatching(/./) }));
  const holed = Object.assign(new Array(3), { 0: 1, 2: 3 });
  const lists = [{ length: 2 ** 40 }, [1, "2", 3], [1, null, 3], holed, [[1, 2, 3]]];
  for (const data of ["abc", null, undefined, 5, () => 1, ...lists])
    expect(() => tensor([3], data as never)).toThrow(expect.objectContaining({ name: "LtrnnError", where: "tensor" }));
  expect(() => tensor([2], [[1], [2]] as never)).toThrow("Flatten nested arrays first");
  expect(() => matmul(zeros([2 ** 21, 0]), zeros([0, 2 ** 21]))).toThrow(
    expect.objectContaining({ name: "LtrnnError", where: "matmul" }),
  );
});

test("integers of 64 bits are taken where a double holds them", () => {
  expect(tensor([2], new BigInt64Array([1n, -(2n ** 53n)])).data).toEqual(Float64Array.of(1, -(2 ** 53)));
  expect(tensor([1], new BigUint64Array([7n])).data).toEqual(Float64Array.of(7));
  expect(() => tensor([2], new BigInt64Array([0n, 2n ** 53n + 1n]))).toThrow(
    "tensor: expected whole numbers up to 2^53 in size, which a double holds, got 9007199254740993n at index [1].",
  );
});

test("a mask holds 0 and 1 in the shape of what it masks", () => {
  const check = (mask: unknown) => () => checkMask("fit", "mask", mask, [2, 2], "activity");
  expect(check(tensor([2, 2], [0, 1, 1, 0]))).not.toThrow();
  expect(check(tensor([2, 2], [0, 1, NaN, 0]))).toThrow(
    "fit: expected mask to hold 0 and 1 only, got NaN at index [1, 0]",
  );
  expect(check(tensor([2, 2], [0, 255, 1, 0]))).toThrow("got 255 at index [0, 1]");
  expect(check(tensor([4], [0, 1, 1, 0]))).toThrow("Pass mask of shape (2 × 2), as activity.");
});
