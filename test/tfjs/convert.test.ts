import "@tensorflow/tfjs-backend-cpu";
import { complex, tensor as tfTensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { tensor, zeros } from "../../src/tensor";
import { fromTfjs, toTfjs } from "../../src/tfjs";
import { sweep } from "../support/sweep";

test("a tensor goes to tfjs and comes back, rounded to 24 bits, in its shape", async () => {
  const cases: Promise<void>[] = [];
  sweep((draw) => {
    const x = draw.normal(Array.from({ length: draw.int(0, 5) }, () => draw.int(1, 4)));
    cases.push(
      fromTfjs(toTfjs(x)).then((back) => {
        expect(back.shape).toEqual(x.shape);
        expect([...back.data]).toEqual([...x.data].map(Math.fround));
      }),
    );
  });
  await Promise.all(cases);
});

test("whole numbers and booleans come too, NaN and infinities stay", async () => {
  expect((await fromTfjs(tfTensor([1, 2, 3], [3], "int32"))).data).toEqual(Float64Array.of(1, 2, 3));
  expect((await fromTfjs(tfTensor([true, false], [2], "bool"))).data).toEqual(Float64Array.of(1, 0));
  expect((await fromTfjs(toTfjs(tensor([3], [NaN, -Infinity, -0])))).data).toEqual(Float64Array.of(NaN, -Infinity, -0));
});

test("wrong calls are refused", async () => {
  expect(() => toTfjs(tensor([2], [1, 1e300]))).toThrow(
    "toTfjs: expected numbers below 3.4e38 in size in x, as float32 holds, got 1e+300 at entry 1",
  );
  expect(() => toTfjs(zeros([1, 1, 1, 1, 1, 1, 1]))).toThrow("toTfjs: expected x to have at most six modes");
  await expect(fromTfjs(complex([1], [2]))).rejects.toThrow(
    "fromTfjs: expected x to be a real tensor, got dtype complex64",
  );
});
