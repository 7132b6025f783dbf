import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { fromJson, listNpz, readNpy, readNpz, toJson, writeNpy, writeNpz } from "../../src/data";
import { tensor, zeros } from "../../src/tensor";
import { recordingsFolder } from "../support/recordings";
import { sweep } from "../support/sweep";

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const wanted = (text: { shape: number[]; data: string[] }) => ({
  shape: text.shape,
  data: Float64Array.from(text.data, (v) =>
    v === "inf" ? Infinity : v === "-inf" ? -Infinity : v === "nan" ? NaN : Number(v),
  ),
});
const file = JSON.parse(readFileSync(new URL("../oracles/npy.json", import.meta.url), "utf8")); // numbers are text here, for JSON has no infinity

test.each(Object.keys(file.cases))("numpy's array is read as numpy reads it: %s", (name) => {
  const { shape, data } = readNpy(bytesOf(file.cases[name].npy)),
    want = wanted(file.cases[name].want);
  expect(shape).toEqual(want.shape);
  expect([...data]).toEqual([...want.data]); // toEqual tells -0 from 0, and holds NaN equal to NaN
});

test.each(Object.keys(file.refused))("what is not a plain real array is refused with a way on: %s", (name) => {
  expect(() => readNpy(bytesOf(file.refused[name]))).toThrow(LtrnnError);
});
test("a pickle is named and not opened", () => {
  expect(() => readNpy(bytesOf(file.refused.object))).toThrow("got a pickle of Python objects");
});

test.each(["stored", "deflated"])("numpy's npz is read, and its arrays are listed: %s", (kind) => {
  const bytes = bytesOf(file.npz[kind]),
    arrays = readNpz(bytes);
  expect(listNpz(bytes).map(({ name }) => name)).toEqual(Object.keys(file.npz_want));
  for (const [name, text] of Object.entries<any>(file.npz_want)) {
    const want = wanted(text);
    expect(arrays[name].shape).toEqual(want.shape);
    expect([...arrays[name].data]).toEqual([...want.data]);
  }
  expect(() => readNpz(bytes, { only: ["rates"] })).toThrow(
    "readNpz: expected an array called rates, got a file with latents (2 × 3 × 4), block (2)",
  );
});

test("arrays of other kinds beside the one asked for do no harm", () => {
  expect(readNpz(bytesOf(file.npz.mixed), { only: ["rates"] }).rates.shape).toEqual([2, 3]);
  expect(() => readNpz(bytesOf(file.npz.mixed))).toThrow(LtrnnError);
});

test("what we write we read back bit for bit, and the bytes repeat", () =>
  sweep((draw) => {
    const x = draw.normal([draw.int(0, 4), draw.int(1, 5), draw.int(1, 3)]),
      y = tensor([5], [NaN, -0, Infinity, 5e-324, 1 / 3]);
    const back = readNpz(writeNpz({ x, y }));
    expect([...back.x.data]).toEqual([...x.data]);
    expect(back.x.shape).toEqual(x.shape);
    expect([...back.y.data]).toEqual([...y.data]);
    expect(readNpy(writeNpy(x)).shape).toEqual(x.shape);
    expect(writeNpz({ x, y })).toEqual(writeNpz({ x, y }));
  }));

test("a file cut short or changed anywhere gives an error, never wrong numbers, and never anything but our error", () =>
  sweep((draw) => {
    const x = draw.normal([4, 6]),
      whole = writeNpz({ x });
    const cut = whole.slice(0, draw.int(0, whole.length - 1));
    expect(() => readNpz(cut)).toThrow(LtrnnError);
    const changed = whole.slice();
    changed[draw.int(0, whole.length - 1)] ^= 1 << draw.int(0, 7);
    try {
      const back = readNpz(changed); // a bit of a time stamp or attribute may change and mean nothing
      for (const y of Object.values(back)) expect([...y.data]).toEqual([...x.data]);
    } catch (error) {
      expect(error).toBeInstanceOf(LtrnnError);
    }
    const npy = writeNpy(x);
    expect(() => readNpy(npy.slice(0, draw.int(0, npy.length - 1)))).toThrow(LtrnnError);
  }, 200));

test("foreign bytes are refused", () => {
  expect(() => readNpz(new TextEncoder().encode("this is not a zip file at all, but text"))).toThrow(
    "readNpz: expected an .npz file, which is a zip, got other content",
  );
  expect(() => readNpz(bytesOf(file.no_arrays))).toThrow("got a zip of other files (notes.txt)");
  expect(() => readNpz("x" as never)).toThrow("expected the file as a Uint8Array, got String");
  expect(() => writeNpz({})).toThrow("writeNpz: expected at least one array, got an empty record");
});

test("a record survives JSON bit for bit, tensors, NaN and -0 included", () => {
  const record = {
    step: 3,
    loss: NaN,
    x: tensor([2, 2], [1 / 3, -0, Infinity, NaN]),
    list: [null, true, "text", -0, undefined],
    $odd: { $: 1 },
  };
  expect(fromJson(toJson(record))).toEqual(record);
  expect(() => toJson({ f: () => 1 })).toThrow("got a function at f");
  expect(() => toJson(new Map())).toThrow("got a Map at the top");
  expect(() => fromJson("{")).toThrow("got text that is not JSON");
  expect(() => fromJson('{"x":{"shape":[3],"data":{"$":"Float64Array","base64":""}}}')).toThrow(
    "a tensor whose shape does not fit its data at x",
  );
  expect(() => toJson({ shape: [2], data: zeros([3]).data })).toThrow(
    "a tensor whose shape does not fit its data at the top",
  );
});

test.skipIf(!recordingsFolder)("a real recording is read with its shapes and missing entries", () => {
  const path = join(recordingsFolder!, "bci_learning_monkeyN_20160728.npz");
  expect(existsSync(path)).toBe(true);
  const { latents, target_deg, block } = readNpz(readFileSync(path), { only: ["latents", "target_deg", "block"] });
  expect(latents.shape).toEqual([794, 20, 10]);
  expect(latents.dtype).toBe("<f4");
  expect(target_deg.data.length).toBe(794);
  expect(block.data.filter((b) => b === 0).length).toBe(194);
  const late = latents.data.filter((_, at) => Math.floor(at / 10) % 20 >= 6);
  expect(late.filter(Number.isNaN).length / late.length).toBeCloseTo(0.22, 2);
});
