import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { readMat, writeMat, type MatCells, type MatContent, type MatStruct, type MatText } from "../../src/data";
import { tensor, zeros } from "../../src/tensor";
import {
  array,
  bytesOf32,
  complex,
  doubles,
  element,
  fileOf,
  handle,
  letters,
  number,
  struct,
} from "../support/mat-file";
import { oracle } from "../support/oracle";

const files = oracle("mat") as Record<"plain" | "compressed", string>;
const bytesOf = (name: "plain" | "compressed") => Uint8Array.from(Buffer.from(files[name], "base64"));

test.each(["plain", "compressed"] as const)("what scipy saves is read, row-major and by class: %s", (name) => {
  const file = readMat<Record<string, MatContent>>(bytesOf(name));
  expect(file.x).toEqual({ class: "double", shape: [2, 3, 4], data: Float64Array.from({ length: 24 }, (_, i) => i) });
  expect(file.row).toEqual({ class: "uint8", shape: [1, 3], data: Float64Array.of(1, 2, 3) });
  expect(file.flag).toMatchObject({ shape: [1, 2], data: Float64Array.of(1, 0) });
  expect(file.big).toEqual({ class: "int64", shape: [1, 1], data: Float64Array.of(1099511627776) });
  expect(file.s).toEqual({ class: "single", shape: [1, 2], data: Float64Array.of(1.5, -2) });
  expect((file.name as MatText).data).toEqual(["hello é"]);
  expect((file.words as MatText).data).toEqual(["ab", "cde"]);
  const cells = file.c as MatCells;
  expect(cells.shape).toEqual([2, 2]);
  expect(cells.data[1]).toEqual({ class: "char", data: ["two"] });
  expect(cells.data[2]).toMatchObject({ data: Float64Array.of(0, 1, 2) });
  const struct = file.st as MatStruct;
  expect(struct.data[0].a).toMatchObject({ shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) });
  expect((struct.data[0].c as MatStruct).data[0].deep).toMatchObject({ data: Float64Array.of(7) });
  expect(file.sparse).toEqual({ class: "double", shape: [2, 3], data: Float64Array.of(0, 2, 0, 0, 0, -1) });
  expect(file.empty).toMatchObject({ shape: [0, 3] });
  expect(Object.keys(file)).not.toContain("z");
  expect(() => file.z).toThrow("complex");
  expect(() => readMat(bytesOf(name), { only: ["z"] })).toThrow("complex");
  expect(Object.keys(readMat(bytesOf(name), { only: ["x"] }))).toEqual(["x"]);
  expect(() => readMat(bytesOf(name), { only: ["y"] })).toThrow("a variable called y");
  expect(() => readMat(bytesOf(name), { limit: { bytes: 100 } })).toThrow("limit");
});

test("what is written is read again, and by scipy where it is there", () => {
  const x = tensor([2, 3, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NaN, -0]);
  const file = writeMat({ x, v: tensor([2], [5, 6]), n0: zeros([0, 2]) });
  expect(readMat(file)).toEqual({
    x: { class: "double", ...x },
    v: { class: "double", shape: [2, 1], data: Float64Array.of(5, 6) },
    n0: { class: "double", shape: [0, 2], data: new Float64Array(0) },
  });
  expect(() => writeMat({ "1x": x })).toThrow("begin with a letter");
  let said: string;
  try {
    const program =
      "import sys,io,scipy.io as s; d=s.loadmat(io.BytesIO(sys.stdin.buffer.read())); " +
      "print(d['x'].shape, d['x'][1,0,1], d['v'].tolist())";
    said = execFileSync("/usr/bin/python3", ["-c", program], { input: file, stdio: "pipe" }).toString().trim();
  } catch {
    return console.log("left out: scipy's own reading of a written MAT-file, since there is no scipy");
  }
  expect(said).toBe("(2, 3, 2) 8.0 [[5.0], [6.0]]");
});

test("other versions and damaged files are refused by name", () => {
  const header = (text: string) => Uint8Array.from(Buffer.from(text.padEnd(600, " ")));
  expect(() => readMat(header("MATLAB 7.3 MAT-file"))).toThrow("7.3, which is HDF5");
  expect(() => readMat(header("something"))).toThrow("another beginning");
  expect(() => readMat(bytesOf("plain").slice(0, 500))).toThrow("cut short");
});

test("entries of sparse logical matrices are bytes, though MATLAB calls them doubles", () => {
  const parts = [element(5, bytesOf32(0, 1)), element(5, bytesOf32(0, 1, 1, 2)), element(9, [1, 1])];
  expect(readMat(fileOf(array(0x205, [2, 3], "seen", ...parts))).seen).toEqual({
    class: "logical",
    shape: [2, 3],
    data: Float64Array.of(1, 0, 0, 0, 0, 1),
  });
  expect(() => readMat(fileOf(array(5, [2, 3], "x", ...parts)))).toThrow("damaged"); // not of numbers
});

test("a field or a cell that is refused leaves the others readable, and says where it is", () => {
  const cell = array(1, [1, 2], "", number(3), complex(""));
  const file = readMat<{ s: MatStruct }>(
    fileOf(
      struct("s", [
        ["x", number(5)],
        ["f", handle],
        ["z", complex("")],
        ["c", cell],
      ]),
    ),
  );
  const [record] = file.s.data;
  expect(record.x).toMatchObject({ data: Float64Array.of(5) });
  expect(Object.keys(record)).toEqual(["x", "c"]);
  expect(() => record.f).toThrow("got function_handle as s.f");
  expect(() => record.z).toThrow("complex ones as s.z");
  const { data, shape } = record.c as MatCells;
  expect(shape).toEqual([1, 2]);
  expect(data[0]).toMatchObject({ data: Float64Array.of(3) });
  expect(() => data[1]).toThrow("complex ones as s.c{2}");
});

test("letters of two units stay whole where texts are rows, and pages of texts follow one another", () => {
  // units of UTF-16 of "AB" and of a smiling face, column by column
  const face = "\ud83d\ude00",
    units = [0, 1].flatMap((column) => ["AB", face].map((text) => text.charCodeAt(column)));
  const stored = Array.from(new Uint8Array(Uint16Array.from(units).buffer));
  for (const type of [4, 17])
    expect(readMat(fileOf(array(4, [2, 2], "t", element(type, stored)))).t.data).toEqual(["AB", face]);
  const pages = array(4, [2, 2, 2], "t", element(16, letters("acbdegfh")));
  expect(readMat(fileOf(pages)).t.data).toEqual(["ab", "cd", "ef", "gh"]);
  expect(readMat(fileOf(array(4, [0, 3], "t", element(16, [])))).t.data).toEqual([]);
  expect(readMat(fileOf(array(4, [1, 0], "t", element(16, [])))).t.data).toEqual([""]);
});

test("fields of one name, as MATLAB made by cutting long ones, are numbered as scipy does", () => {
  const file = readMat<{ s: MatStruct }>(
    fileOf(
      struct("s", [
        ["a", number(1)],
        ["a", number(2)],
        ["a", number(3)],
      ]),
    ),
  );
  expect(Object.entries(file.s.data[0]).map(([name, { data }]) => [name, (data as Float64Array)[0]])).toEqual([
    ["a", 1],
    ["_1_a", 2],
    ["_2_a", 3],
  ]);
});

test("a variable of a later class, such as string, is refused by its name and class", () => {
  const text = element(14, [
    ...element(6, bytesOf32(17, 0)),
    ...["word", "MCOS", "string"].flatMap((part) => element(1, letters(part))),
    ...array(13, [2, 1], "", element(6, bytesOf32(0xdd000000, 2))),
  ]);
  const file = fileOf(array(6, [1, 1], "x", element(9, doubles(7))), text);
  expect(Object.keys(readMat(file))).toEqual(["x"]);
  expect(() => readMat(file).word).toThrow("an object of class string as word");
  expect(() => readMat(file, { only: ["word"] })).toThrow("an object of class string as word");
});
