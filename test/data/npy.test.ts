import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { readNpy, writeNpy, type NpyBigInts, type NpyText } from "../../src/data";
import { parseDtype } from "../../src/data/npy-dtype";
import { tensor } from "../../src/tensor";
import { cpuTime } from "../support/cpu-time";
import { bytesOf, npyFile, npyOracle, wantedArray } from "../support/npy-oracle";
import { sweep } from "../support/sweep";

const oracle = npyOracle();
const shapeOnly = "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }";
const refusal = (run: () => unknown): LtrnnError => {
  try {
    run();
  } catch (error) {
    if (error instanceof LtrnnError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

test.each(Object.keys(oracle.cases))("NumPy's array is read as NumPy reads it: %s", (name) => {
  const { shape, data, dtype } = readNpy(bytesOf(oracle.cases[name].npy)),
    want = wantedArray(oracle.cases[name].want);
  expect(shape).toEqual(want.shape);
  expect([...data]).toEqual(want.data); // toEqual tells -0 from 0, and holds NaN equal to NaN
  if (!name.includes("no width")) expect(dtype).toBe(want.dtype); // NumPy's own type widens when it reads
});

test.each(Object.keys(oracle.headers))("a header of any form is read or refused as by NumPy: %s", (name) => {
  const { header, length, data, numpy } = oracle.headers[name];
  const file = npyFile(header.padEnd(length), new Uint8Array(new Float64Array([0, 1, 2, 3, 4, 5]).buffer, 0, data));
  if (typeof numpy === "string") return expect(() => readNpy(file)).toThrow(LtrnnError);
  const { shape, data: numbers } = readNpy(file);
  expect({ shape, data: [...numbers] }).toEqual({ shape: numpy.shape, data: numpy.data.map(Number) });
});

test("every spelling of a type means what it means to numpy.dtype", () => {
  const kinds = /^[<>|](?:b1|[iu][1248]|f[248]|[US]\d+|[Mm]8)/; // what we read
  let read = 0;
  for (const [spelling, dtype] of oracle.spellings.split(" ").map((pair) => pair.split("~"))) {
    const parse = () => parseDtype("readNpy", "x", spelling).text;
    if (!kinds.test(dtype)) expect(parse, spelling).toThrow(LtrnnError);
    else {
      expect(parse(), spelling).toBe(dtype);
      read++;
    }
  }
  expect(read).toBeGreaterThan(250);
});

test("text, dates and durations say what they are", () => {
  expect(readNpy<NpyText>(bytesOf(oracle.cases.text.npy)).data).toEqual(["left", "", "né 🐒", "a\0b"]);
  const date = readNpy(bytesOf(oracle.cases.date.npy));
  expect(date.unit).toBe("D");
  expect(new Date(date.data[0] * 864e5).toISOString().slice(0, 10)).toBe("2023-12-10");
  expect(date.data[2]).toBeNaN();
  expect(readNpy(bytesOf(oracle.cases["date, 25 s"].npy)).unit).toBe("25s");
  expect(readNpy(bytesOf(oracle.cases["duration of no unit"].npy)).unit).toBe("generic");
  expect("unit" in readNpy(bytesOf(oracle.cases.f8.npy))).toBe(false);
});

test("whole numbers that no double holds are refused, rounded or given as BigInts, as asked", () => {
  const file = bytesOf(oracle.refused["i8 beyond"]);
  expect(refusal(() => readNpy(file)).got).toBe("9007199254740993 as entry 1 of the array");
  expect([...readNpy(file, { int64: "rounded" }).data]).toEqual([1, 2 ** 53]);
  expect([...readNpy<NpyBigInts>(file, { int64: "bigint" }).data]).toEqual([1n, 2n ** 53n + 1n]);
  const unsigned = bytesOf(oracle.refused["u8 beyond"]);
  expect(readNpy(unsigned, { int64: "rounded" }).data[0]).toBe(2 ** 64);
  expect(readNpy<NpyBigInts>(unsigned, { int64: "bigint" }).data).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  expect(readNpy<NpyBigInts>(bytesOf(oracle.cases["big-endian i8"].npy), { int64: "bigint" }).data[2]).toBe(250n);
  expect(readNpy(bytesOf(oracle.cases.f4.npy), { int64: "bigint" }).data).toBeInstanceOf(Float64Array);
});

test("NaT is one number, and not those that round to it", () => {
  const file = (dtype: string) =>
    npyFile(
      `{'descr': '${dtype}', 'fortran_order': False, 'shape': (2,), }`,
      new Uint8Array(BigInt64Array.of(-(2n ** 63n), 1n - 2n ** 63n).buffer),
    );
  expect([...readNpy(file("<M8[ns]"), { int64: "rounded" }).data]).toEqual([Number.NaN, -(2 ** 63)]);
  expect([...readNpy(file("<i8"), { int64: "rounded" }).data]).toEqual([-(2 ** 63), -(2 ** 63)]);
});

test.each(Object.keys(oracle.refused))("what is not read is refused with a way on: %s", (name) => {
  const error = refusal(() => readNpy(bytesOf(oracle.refused[name])));
  expect(error.where).toBe("readNpy");
  expect(error.fix).toMatch(/save|Save|saving|Convert/);
});
test("a pickle is named and not opened", () => {
  expect(refusal(() => readNpy(bytesOf(oracle.refused.object))).got).toContain("a pickle of Python objects");
});

test("long headers, deep nesting and sizes without end are refused in no time", () => {
  const start = cpuTime();
  for (const header of [
    `{'shape': (1,${" ".repeat(65_000)}`,
    `{'shape': ${"(".repeat(9000)}`,
    `{'descr': [${"[".repeat(9000)}`,
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740991, 9007199254740991, 0), }",
    `{'descr': '<f8', 'fortran_order': False, 'shape': (${"1,".repeat(65)}), }`,
    "{'descr': '', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<U0', 'fortran_order': False, 'shape': (1099511627776,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1e3,), }",
    "{'descr': '<U4000000000', 'fortran_order': False, 'shape': (), }",
  ])
    expect(() => readNpy(npyFile(header, new Uint8Array(0))), header.slice(0, 60)).toThrow(LtrnnError);
  expect(cpuTime() - start).toBeLessThan(1000);
});

test("an array beyond the limit is refused, and read where the limit allows it", () => {
  const file = npyFile(shapeOnly.replace("<f8", "|u1"), Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect(refusal(() => readNpy(file, { limit: { bytes: 47 } })).message).toBe(
    "readNpy: expected arrays of at most 47 bytes, the limit, got 48 bytes for the array. " +
      "If you trust the file, allow more: { limit: { bytes: 48 } }.",
  );
  expect([...readNpy(file, { limit: { bytes: 48 } }).data]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("what we write we read back bit for bit", () =>
  sweep((draw) => {
    const x = draw.normal([draw.int(0, 4), draw.int(1, 5), draw.int(1, 3)]);
    expect(readNpy(writeNpy(x))).toEqual({ ...x, dtype: "<f8" });
    expect(() => readNpy(writeNpy(x).slice(0, draw.int(0, writeNpy(x).length - 1)))).toThrow(LtrnnError);
  }));

test("what is no tensor is not written", () => {
  const broken = [
    { shape: [-2, -3], data: new Float64Array(6) },
    { shape: [2.5, 2], data: new Float64Array(5) },
    { shape: [5], data: new Float64Array(6) },
  ];
  for (const x of broken) expect(() => writeNpy(x), String(x.shape)).toThrow(LtrnnError);
  expect([...readNpy(writeNpy(tensor([], [5]))).data]).toEqual([5]);
});
