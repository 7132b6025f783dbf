import { deflateSync } from "fflate";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { listNpz, readNpz, writeNpy, writeNpz, type NpyArray, type NpyText } from "../../src/data";
import { crc32 } from "../../src/data/crc32";
import { tensor, zeros } from "../../src/tensor";
import { cpuTime } from "../support/cpu-time";
import { bytesOf, npyFile, npyOracle, wantedArray } from "../support/npy-oracle";
import { recordingsFolder } from "../support/recordings";
import { sweep } from "../support/sweep";
import { zipOf } from "../support/zip-of";

const oracle = npyOracle();
const content = writeNpy(tensor([2], [1, 2]));
const one = { name: "x.npy", content };

test.each(["stored", "deflated"] as const)("NumPy's npz is read, and its arrays are listed: %s", (kind) => {
  const bytes = bytesOf(oracle.npz[kind]),
    arrays = readNpz(bytes);
  expect(listNpz(bytes)).toEqual(
    Object.entries(oracle.npz_want).map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
  );
  for (const [name, text] of Object.entries(oracle.npz_want)) {
    const { shape, data } = wantedArray(text);
    expect(arrays[name].shape).toEqual(shape);
    expect([...arrays[name].data]).toEqual(data);
  }
  expect(() => readNpz(bytes, { only: ["rates"] })).toThrow(
    "readNpz: expected an array called rates, got a file with latents (2 × 3 × 4), block (2)",
  );
});

test.each(Object.keys(oracle.forms))("a zip of any form gives what NumPy gives, or is refused by name: %s", (name) => {
  const { npz, numpy } = oracle.forms[name],
    refusedHere = ["bzip2", "two names that end up one"].includes(name);
  const arrays = Object.entries(numpy).flatMap(([key, want]) => (typeof want === "string" ? [] : [{ key, want }]));
  const broken = Object.values(numpy).includes("BadZipFile");
  if (refusedHere || broken) return expect(() => readNpz(bytesOf(npz))).toThrow(LtrnnError);
  const read = readNpz(bytesOf(npz));
  expect(Object.keys(read)).toEqual(arrays.map(({ key }) => key));
  for (const { key, want } of arrays) expect([...read[key].data]).toEqual(wantedArray(want).data);
});

test("what cannot be read is named, and what stands beside it is read", () => {
  const bytes = bytesOf(oracle.npz.mixed);
  const arrays = readNpz<{ rates: NpyArray; labels: NpyText; records: NpyArray }>(bytes);
  expect(Object.keys(arrays)).toEqual(["rates", "labels"]);
  expect(arrays.labels).toEqual({ shape: [2], data: ["a", "b"], dtype: "<U1" });
  expect(() => arrays.records).toThrow("readNpz: expected real numbers");
  expect(() => readNpz(bytes, { only: ["pickled"] })).toThrow("got a pickle of Python objects, dtype |O, in pickled");
  expect(structuredClone(arrays)).toEqual({ rates: arrays.rates, labels: arrays.labels });
  const [rates, labels, records, pickled] = listNpz(bytes);
  expect(rates).toEqual({ name: "rates", shape: [2, 3], dtype: "<f8" });
  expect(labels).toEqual({ name: "labels", shape: [2], dtype: "<U1" });
  expect(records).toMatchObject({ name: "records", shape: [1], dtype: "structured" });
  expect(records.refused).toMatch(/got structured records.* Save each field as an array of its own: x\["field"\]\.$/);
  expect(pickled).toMatchObject({ name: "pickled", shape: [3], dtype: "|O" });
  expect(pickled.refused).toMatch(/^expected real numbers .* got a pickle of Python objects/);
  expect(() => readNpz(zipOf([{ name: "odd.npy", content: bytesOf(oracle.refused.complex) }]))).toThrow(
    "got complex numbers, dtype <c16, in odd",
  );
});

test("names come back as they are, whatever they are", () => {
  for (const name of ["__proto__", "constructor", "a/b", "é🐒", "x.npy", "a".repeat(65_531), " "]) {
    const back = readNpz(writeNpz(Object.fromEntries([[name, tensor([1], [3])]])));
    expect(Object.keys(back)).toEqual([name]);
    expect(Object.getOwnPropertyDescriptor(back, name)?.value.data[0]).toBe(3);
  }
});

test("a file of many arrays is read in a moment", () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `x${i}`);
  const bytes = zipOf(names.map((name) => ({ name, content })));
  const start = cpuTime();
  expect(Object.keys(readNpz(bytes)).length).toBe(20_000);
  expect(Object.keys(readNpz(bytes, { only: names })).length).toBe(20_000);
  expect(cpuTime() - start).toBeLessThan(5000); // about 100 each
});

test("names and records that no npz holds are refused", () => {
  const one = tensor([1], [3]);
  for (const name of ["", "a".repeat(65_532), "é".repeat(35_000), "\ud800", "a\0b"])
    expect(() => writeNpz({ [name]: one }), name.slice(0, 5)).toThrow(LtrnnError);
  expect(() => writeNpz({})).toThrow("writeNpz: expected at least one array, got an empty record");
  expect(() => writeNpz([one] as never)).toThrow("writeNpz: expected a record of tensors by name, got an array");
  expect(() => writeNpz({ x: { shape: [-2, -3], data: new Float64Array(6) } })).toThrow(LtrnnError);
  const many = Object.fromEntries(Array.from({ length: 65_536 }, (_, i) => [`x${i}`, one]));
  expect(() => writeNpz(many)).toThrow("writeNpz: expected at most 65535 arrays, got 65536");
});

test("what we write we read back bit for bit, and the bytes repeat", () =>
  sweep((draw) => {
    const x = draw.normal([draw.int(0, 4), draw.int(1, 5), draw.int(1, 3)]),
      y = tensor([5], [Number.NaN, -0, Infinity, 5e-324, 1 / 3]);
    expect(readNpz(writeNpz({ x, y }))).toEqual({ x: { ...x, dtype: "<f8" }, y: { ...y, dtype: "<f8" } });
    expect(writeNpz({ x, y })).toEqual(writeNpz({ x, y }));
  }));

test.each([
  ["another name", { local: { name: "y.npy" } }],
  ["another checksum", { local: { crc: 1 } }],
  ["another size", { local: { size: 7 } }],
  ["another method", { local: { method: 8 } }],
  ["another flag", { local: { flags: 0x800 } }],
  ["a size that its content has not", { size: 145 }],
  ["a checksum that fails", { crc: 1 }],
])("a member whose own header has %s than the directory is refused", (_, change) => {
  expect(() => readNpz(zipOf([{ ...one, ...change }]))).toThrow(LtrnnError);
  expect(readNpz(zipOf([one])).x.data[1]).toBe(2);
});

test("members that share bytes are refused", () => {
  const shared = zipOf([one, { name: "x.npz", content, at: 0, local: false }]);
  expect(() => readNpz(shared)).toThrow(LtrnnError);
  const nested = zipOf([one]);
  expect(() =>
    readNpz(
      zipOf([
        { name: "a.npy", content: nested },
        { ...one, at: 30 + 5, local: false },
      ]),
    ),
  ).toThrow("x.npy, which overlap");
});

test("bombs are refused before they are unpacked, and unpacked where the limit allows it", () => {
  const zerosFile = npyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 20), }", new Uint8Array(2e7));
  const deflated = deflateSync(zerosFile);
  const bomb = zipOf([{ name: "x.npy", content: deflated, method: 8, size: zerosFile.length, crc: crc32(zerosFile) }]);
  const liar = zipOf([{ name: "x.npy", content: deflated, method: 8, size: 1000, crc: 1 }]);
  const thin = zipOf([{ name: "x.npy", content: deflated.slice(0, 20), method: 8, size: 2 ** 31 - 1, crc: 1 }]);
  const start = cpuTime();
  expect(() => readNpz(bomb)).toThrow(/at most 1000 times the file unpacked, the limit, got 19.07 MiB from/);
  expect(() => readNpz(bomb, { limit: { bytes: 1e6, ratio: 2000 } })).toThrow("at most 976.6 KiB unpacked");
  expect(() => readNpz(liar)).toThrow("of another size than its directory says");
  expect(() => readNpz(thin, { limit: { ratio: 1e9 } })).toThrow("of another size than its directory says");
  expect(cpuTime() - start).toBeLessThan(1000); // a few milliseconds
  expect(() => readNpz(bomb, { limit: { bytes: 1e8, ratio: 2000 } })).toThrow("at most 95.37 MiB, the limit");
  expect(listNpz(bomb, { limit: { ratio: 2000 } })[0].shape).toEqual([1e6, 20]);
  const small = { ...one, method: 8, content: deflateSync(content), size: content.length, crc: crc32(content) };
  expect(readNpz(zipOf([small])).x.data[0]).toBe(1);
});

test("bytes in the middle of a buffer, in shared memory or of another context are read", () => {
  const bytes = bytesOf(oracle.npz.mixed);
  const wide = new Uint8Array(bytes.length + 7);
  wide.set(bytes, 3);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const foreign = runInNewContext("new Uint8Array(numbers)", { numbers: [...bytes] }) as Uint8Array;
  expect(foreign).not.toBeInstanceOf(Uint8Array);
  for (const given of [Buffer.from(bytes), wide.subarray(3, 3 + bytes.length), shared, foreign]) {
    const { rates } = readNpz(given, { only: ["rates", "labels"] });
    expect([...rates.data]).toEqual([0, 1, 2, 3, 4, 5].map((i) => i / 7));
    expect(rates.data.buffer).toBeInstanceOf(ArrayBuffer);
  }
});

test("foreign bytes are refused", () => {
  expect(() => readNpz(new TextEncoder().encode("this is not a zip file at all, but text"))).toThrow(
    "readNpz: expected an .npz file, which is a zip, got other content",
  );
  expect(() => readNpz(bytesOf(oracle.no_arrays))).toThrow("got a zip of other files (notes.txt)");
  expect(() => readNpz("x" as never)).toThrow('expected the file as a Uint8Array, got "x"');
  expect(() => readNpz(bytesOf(oracle.npz.stored), { onyl: ["x"] } as never)).toThrow("Did you mean only?");
});

test.skipIf(!recordingsFolder)("a real recording is read with its shapes and missing entries", () => {
  const path = join(recordingsFolder ?? "", "bci_learning_monkeyN_20160728.npz");
  expect(existsSync(path)).toBe(true);
  const { latents, target_deg, block } = readNpz(readFileSync(path), { only: ["latents", "target_deg", "block"] });
  expect(latents.shape).toEqual([794, 20, 10]);
  expect(latents.dtype).toBe("<f4");
  expect(target_deg.data.length).toBe(794);
  expect(block.data.filter((b) => b === 0).length).toBe(194);
  const late = latents.data.filter((_, entry) => Math.floor(entry / 10) % 20 >= 6);
  expect(late.filter(Number.isNaN).length / late.length).toBeCloseTo(0.22, 2);
});

test("an empty array and a large one survive", () => {
  expect(readNpz(writeNpz({ x: zeros([0, 3]) })).x.shape).toEqual([0, 3]);
  expect(readNpz(writeNpz({ x: zeros([300_000]) })).x.data.length).toBe(300_000);
});
