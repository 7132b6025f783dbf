import { expect, test } from "vitest";
import type { MatContent, MatStruct } from "../../src/data";
import { readHdf5, readMat73, readNwb } from "../../src/hdf5";
import { instanceOf } from "../../src/hdf5/instance";
import { spikesToTensor } from "../../src/preprocess";
import { hdf5Files } from "../support/hdf5-files";

const files = hdf5Files();

test("datasets are read by path, numbers of every kind and text; others throw their reason when touched", async () => {
  const file = await readHdf5(files.plain);
  expect(file["a/x"]).toEqual({
    shape: [2, 3, 4],
    data: Float64Array.from({ length: 24 }, (_, i) => i),
    dtype: "<f",
  });
  expect(file["a/i"].data).toEqual(Float64Array.of(1099511627776, -5));
  expect(file.soft.data).toEqual(file["a/i"].data);
  expect(file.b).toEqual({ shape: [2], data: Float64Array.of(1, 0), dtype: "|b1" });
  expect(file.t).toMatchObject({ shape: [], data: ["hello é"] });
  expect(file.fix.data).toEqual(["ab", "cde"]);
  expect(file.scalar).toMatchObject({ shape: [], data: Float64Array.of(3.5) });
  expect(file.be.data).toEqual(Float64Array.of(1.5, 2.5));
  expect(file.empty).toMatchObject({ shape: [0, 3] });
  expect(Object.keys(file).sort()).toEqual(["a/i", "a/x", "b", "be", "empty", "fix", "scalar", "soft", "t", "u"]);
  for (const [path, message] of [
    ["a/big", "doubles hold exactly"],
    ["cpx", "type record"],
    ["half", "half precision"],
    ["none", "null dataset"],
    ["ref", "type Reference"],
  ])
    expect(() => file[path], path).toThrow(message);
  expect(Object.keys(await readHdf5(files.plain, { only: ["a/x"] }))).toEqual(["a/x"]);
  await expect(readHdf5(files.plain, { only: ["a/none"] })).rejects.toThrow("a dataset at a/none");
  await expect(readHdf5(files.plain, { only: ["a/x"], limit: { bytes: 100 } })).rejects.toThrow("192 for /a/x");
});

test("what a plugin compressed, and long doubles, are refused alone; groups in circles end", async () => {
  const file = await readHdf5(files.odd);
  expect(Object.keys(file).sort().join(" ")).toBe("choice counts g/y power rows words x");
  expect(file.rows).toEqual({ shape: [2, 3], data: Float64Array.of(0, 0.5, 1, 1.5, 2, 2.5), dtype: "<f" });
  expect(file.counts).toMatchObject({ shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) });
  expect(file.words).toMatchObject({ shape: [2, 3], data: ["a", "bc", "", "d", "e", "f"] });
  expect(() => file.large).toThrow("doubles hold exactly");
  await expect(readHdf5(files.odd, { only: ["rows"], limit: { bytes: 47 } })).rejects.toThrow("got 48 for /rows");
  expect(() => file.lzf).toThrow("lzf, a plugin, at /lzf. Save it with compression");
  expect(() => file.long).toThrow("extended precision");
  expect(file.power.data).toEqual(Float64Array.of(2 ** 60));
  expect(file.choice).toEqual({ shape: [3], data: Float64Array.of(0, 2, 1), dtype: "enum" });
  expect((await readHdf5(files.odd, { only: ["g/up/x"] }))["g/up/x"].data).toEqual(Float64Array.of(0, 1, 2));
});

test("units and trials of an NWB file are ready to be binned", async () => {
  const { spikeTimes, trials, units, leftOut, identifier } = await readNwb(files.nwb);
  expect(identifier).toBe("session 1");
  expect(spikeTimes.map(({ length }) => length)).toEqual([30, 0, 50]);
  expect(units).toEqual({ rows: 3, columns: { id: Float64Array.of(0, 1, 2), quality: ["good", "bad", "good"] } });
  expect(trials.rows).toBe(8);
  expect(trials.columns.target).toEqual(["l", "r", "l", "r", "l", "r", "l", "r"]);
  expect(trials.columns.rewarded).toEqual(Float64Array.of(1, 0, 1, 0, 1, 0, 1, 0));
  expect(leftOut).toEqual({ "/intervals/trials/touch": "a list of values per row" });
  const { go_cue, stop_time } = trials.columns as Record<string, Float64Array>;
  const counts = spikesToTensor(spikeTimes, { align: go_cue, until: stop_time, window: [0, 1.5], binWidth: 0.25 });
  expect(counts.shape).toEqual([8, 6, 3]);
  expect(counts.lengths).toEqual(new Array(8).fill(5));
  const inside = spikeTimes[0].filter((t) => Array.from(go_cue).some((cue) => t >= cue && t < cue + 1.25)).length;
  expect(counts.data.filter((_, i) => i % 3 === 0).reduce((sum, n) => sum + (n || 0), 0)).toBe(inside);
  await expect(readNwb(files.plain)).rejects.toThrow("units at /units");
});

test("MATLAB 7.3 files are what readMat gives of earlier ones", async () => {
  const file = await readMat73(files.mat);
  expect(file.x).toEqual({ class: "double", shape: [2, 3, 4], data: Float64Array.from({ length: 24 }, (_, i) => i) });
  expect(file.flag).toEqual({ class: "logical", shape: [1, 2], data: Float64Array.of(1, 0) });
  expect(file.name).toEqual({ class: "char", data: ["hello é"] });
  expect(file.empty).toEqual({ class: "double", shape: [0, 3], data: new Float64Array(0) });
  expect(file.s).toMatchObject({
    class: "struct",
    data: [{ a: { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }, b: { data: ["q"] } }],
  });
  expect(file.c).toMatchObject({
    class: "cell",
    shape: [1, 2],
    data: [{ data: Float64Array.of(7, 8) }, { data: ["two"] }],
  });
  expect(() => file.z).toThrow("type record");
  await expect(readMat73(files.mat, { only: ["y"] })).rejects.toThrow("a variable called y");
});

test("a column of NWB may be called an index without being one, or be a matrix of one row or column", async () => {
  const { spikeTimes, units, trials, leftOut } = await readNwb(files.columns);
  expect(spikeTimes.map((times) => Array.from(times))).toEqual([[1, 2], [3]]);
  expect(units.columns.cluster_index).toEqual(Float64Array.of(7, 8));
  expect(Object.keys(trials.columns).join(" ")).toBe(
    "block block_index id lying start_time stop_time trial_index upright",
  );
  expect([trials.columns.upright, trials.columns.lying]).toEqual([Float64Array.of(5, 6), Float64Array.of(7, 8)]);
  expect(leftOut).toEqual({
    "/intervals/trials/square": "shape 2 × 2",
    "/intervals/trials/tags": "a list of values per row",
  });
});

test("sparse matrices, arrays of structs and refused fields of MATLAB 7.3 are as of earlier versions", async () => {
  const file = await readMat73<Record<string, MatContent>>(files.mat_kinds);
  expect(file.sparse).toEqual({ class: "double", shape: [2, 3], data: Float64Array.of(0, 2, 0, 0, 0, -1) });
  expect(file.nothing).toEqual({ class: "double", shape: [3, 2], data: new Float64Array(6) });
  expect(file.few).toEqual({ class: "logical", shape: [2, 1], data: Float64Array.of(0, 1) });
  const one = (n: number, text: string) => ({
    n: { class: "double", shape: [1, 1], data: Float64Array.of(n) },
    t: { class: "char", data: [text] },
  });
  expect(file.list).toEqual({ class: "struct", shape: [1, 2], data: [one(1, "one"), one(2, "two")] });
  const nothing = { class: "double", shape: [0, 0], data: new Float64Array(0) };
  expect(file.cells).toEqual({ class: "cell", shape: [1, 2], data: [nothing, { class: "char", data: ["one"] }] });
  expect(file.pages).toEqual({ class: "char", data: ["ab", "cd", "ef", "gh"] });
  const [record] = (file.one as MatStruct).data;
  expect(record.x).toMatchObject({ data: Float64Array.of(5) });
  expect(() => record.z).toThrow("type record at /one/z");
  expect(() => record.h).toThrow("function_handle at /one/h");
  expect(() => file.word).toThrow("an object of class string at /word");
  await expect(readMat73(files.mat_kinds, { only: ["sparse"], limit: { bytes: 40 } })).rejects.toThrow("2 × 3, beyond");
});

test("what is no HDF5 file, or half of one, is refused by name, and the next file is read all the same", async () => {
  await expect(readHdf5(Uint8Array.of(1, 2, 3))).rejects.toThrow("without its signature");
  await expect(readNwb(files.nwb.slice(0, 4000))).rejects.toThrow("whole, got truncated file: eof = 4000");
  await expect(readMat73(files.mat.slice(0, 2000))).rejects.toThrow("HDF5 file that is whole");
  for (let byte = 600; byte < files.plain.length; byte += 977) {
    const damaged = files.plain.slice();
    damaged[byte] ^= 0x5a;
    const read = await readHdf5(damaged).catch((error) => error);
    if (read instanceof Error) expect(read.name).toBe("LtrnnError");
  }
  const endless = files.nwb.slice();
  endless[2664] = 122; // a text's length: the heap's next entry is then free space of no size
  await expect(readNwb(endless)).rejects.toThrow("whole, got a heap of texts whose sizes contradict");
  expect((await readHdf5(files.plain, { only: ["scalar"] })).scalar.data[0]).toBe(3.5);
});

test("a text that passes the end of its heap, which HDF5 would walk for ever in 32 bits, is refused", async () => {
  const long = files.nwb.slice();
  long.fill(255, 2616, 2620); // the length of a text: its header added, 2 ** 32
  await expect(readNwb(long)).rejects.toThrow("whole, got a heap of texts whose sizes contradict");
});

test("a file on which HDF5 traps leaves the package's memory, and the next is read by a new one", async () => {
  const damaged = files.nwb.slice(),
    before = await instanceOf("test");
  damaged[7194] = 4; // the size of a chunk
  await expect(readNwb(damaged)).rejects.toThrow("out of bounds. The file is cut short or damaged");
  expect(await instanceOf("test")).not.toBe(before);
  expect((await readNwb(files.nwb)).trials.rows).toBe(8);
});

test("a small file that claims large datasets, never written, is refused before memory is taken", async () => {
  const before = process.memoryUsage().rss,
    file = await readHdf5(files.claims);
  expect(files.claims.length).toBeLessThan(10_000);
  expect(file.ok.data).toEqual(Float64Array.of(0, 1, 2));
  expect([file.small.data.length, file.small.data.every((one) => one === 0)]).toEqual([1_000_000, true]); // no harm
  for (const [path, claimed] of [
    ["never", "2 GiB"],
    ["chunked", "512 MiB"],
    ["chunk", "512 MiB"],
  ] as const)
    expect(() => file[path], path).toThrow(`expected at most 1000 times the file unpacked, the limit, got ${claimed}`);
  await expect(readMat73(files.claims, { only: ["cells"] })).rejects.toThrow("1000 times the file unpacked");
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
  const trusted = await readHdf5(files.claims, { only: ["chunk"], limit: { ratio: 1e6 } });
  expect(trusted.chunk.data).toEqual(new Float64Array(3));
});
