import { expect, test } from "vitest";
import { withoutPadding } from "../../src/data/without-padding";
import { readTable, tableToTensor } from "../../src/data";

test("cells in quotes, both line breaks, missing cells and types are read as RFC and spreadsheets write them", () => {
  const table = readTable('\ufeffname,rate,"a ""note"""\r\nx,1e-3,"a, b"\r\ny,,"two\nlines"\r\n"z",NA,\r\n');
  expect(table.rows).toBe(3);
  expect(table.columns).toEqual({
    name: ["x", "y", "z"],
    rate: Float64Array.of(1e-3, NaN, NaN),
    'a "note"': ["a, b", "two\nlines", ""],
  });
  expect(readTable("a\tb\n1\t-Inf\n.5\t2.\n").columns).toEqual({
    a: Float64Array.of(1, 0.5),
    b: Float64Array.of(-Infinity, 2),
  });
  expect(readTable("a;b\n1;x\n").columns.b).toEqual(["x"]);
  expect(readTable("a,b\n1,\n").columns.b).toEqual(Float64Array.of(NaN));
  expect(readTable("a\n1\n\n2\n").columns.a).toEqual(Float64Array.of(1, NaN, 2));
  expect(readTable(new TextEncoder().encode("a,b\n1,é")).columns.b).toEqual(["é"]);
});

test("a separator in the name of a column, or below an empty line, separates nothing", () => {
  expect(readTable('trial,"rate; Hz","a\tb"\n1,2,3').columns).toEqual({
    trial: Float64Array.of(1),
    "rate; Hz": Float64Array.of(2),
    "a\tb": Float64Array.of(3),
  });
  expect(readTable('"a\n;",b\n1,2').columns).toEqual({ "a\n;": Float64Array.of(1), b: Float64Array.of(2) });
  expect(readTable("\n\r\na;b\n1;2").columns).toEqual({ a: Float64Array.of(1), b: Float64Array.of(2) });
  expect(readTable("  \na;b\n1;2").columns).toEqual({ a: Float64Array.of(1), b: Float64Array.of(2) });
  expect(readTable('"a"\n"x;y"').columns).toEqual({ a: ["x;y"] });
});

test("cells that programs write for what is missing are missing among numbers, and text among texts", () => {
  const cells = ["NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null", "None", "missing", "-nan", "NAN", ""];
  const { a, b } = readTable(["a,b", "1,x", ...cells.map((cell) => `${cell},${cell}`)].join("\n")).columns;
  expect(a).toEqual(Float64Array.of(1, ...cells.map(() => NaN)));
  expect(b).toEqual(["x", ...cells]);
  expect(readTable("a\nINF\n-inf\n+Infinity").columns.a).toEqual(Float64Array.of(Infinity, -Infinity, Infinity));
});

test("times that differ by rounding are one, whole numbers never", () => {
  const options = { trial: "k", time: "t", unit: "n", value: "v" },
    rows = [1000.1, 1234.7, 2000.3].flatMap((event, k) =>
      [0, 0.1, 0.2, 0.3].map((t, i) => `${k},${event + t - event},a,${10 * k + i}`),
    );
  const x = tableToTensor(readTable(["k,t,n,v", ...rows].join("\n")), options);
  expect(x.shape).toEqual([3, 4, 1]);
  expect(Array.from(x.data)).toEqual([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
  const whole = readTable("k,t,n,v\n1,0,a,1\n1,1,a,2\n1,100000000000,a,3");
  expect(tableToTensor(whole, options).times).toEqual([0, 1, 1e11]);
  const twice = readTable(`k,t,n,v\n1,0.3,a,1\n1,${0.1 + 0.2},a,2\n1,0.4,a,3`);
  expect(() => tableToTensor(twice, options)).toThrow("a second one in row 2");
});

test("UTF-16 is read by its mark, as spreadsheets save it, and lines of blanks are no rows", () => {
  const text = "\ufeffa\tb\n1\tä\n \n2\t𝄞\n  ",
    little = Uint8Array.from(Buffer.from(text, "utf16le"));
  const table = { rows: 2, columns: { a: Float64Array.of(1, 2), b: ["ä", "𝄞"] } };
  expect(readTable(text)).toEqual(table);
  expect(readTable(little)).toEqual(table);
  expect(readTable(Uint8Array.from(Buffer.from(little).swap16()))).toEqual(table);
  expect(() => readTable(little.subarray(0, 5))).toThrow("UTF-16 with its mark, got bytes that are none");
  expect(readTable("a\n1\n  \n2\n").columns.a).toEqual(Float64Array.of(1, NaN, 2));
});

test("names of rows that pandas and R write have no name of their own", () => {
  expect(readTable(",a\n0,1.5\n1,2.5").columns).toEqual({ index: Float64Array.of(0, 1), a: Float64Array.of(1.5, 2.5) });
  expect(readTable('"","a"\n"r1",1\n').columns).toEqual({ index: ["r1"], a: Float64Array.of(1) });
  expect(() => readTable(",index\n0,1")).toThrow("index twice");
  expect(() => readTable("a,\n0,1")).toThrow("none for column 2");
});

test("lines end by CR LF, LF or CR, and blanks may follow a quoted cell", () => {
  const table = { rows: 2, columns: { "a b": Float64Array.of(1, 3), c: ["x\r", "y"] } };
  for (const end of ["\n", "\r\n", "\r", "\r\r\n"])
    for (const blank of ["", " "]) {
      const lines = [`"a b"${blank},c`, `1,"x\r"${blank}`, `"3"${blank},y`];
      expect(readTable(lines.join(end))).toEqual(table);
      expect(readTable(lines.join(end) + end)).toEqual(table);
    }
  expect(readTable("a\r1\r\r2\r").columns.a).toEqual(Float64Array.of(1, NaN, 2));
});

test.each([
  ['a\n"x"-\n1', "after a cell in quotes, got - in row 2"],
  ["", "names the columns"],
  ["a,a\n1,2", "a twice"],
  ["a,b\n1", "1 in row 2"],
  ['a,b\n"1,2', "one in row 2 that does not"],
  ['a,b\n"1"2,3', "after a cell in quotes"],
])("a table that is none is refused: %j", (text, message) => expect(() => readTable(text)).toThrow(message));

test("bytes that are no UTF-8 are refused", () =>
  expect(() => readTable(Uint8Array.of(97, 10, 0xff, 0xfe))).toThrow("UTF-8"));

test("a long table becomes a tensor with its labels, whatever the order of its rows", () => {
  const rows = [
    "2,0,b,6,up",
    "1,0,a,1,down",
    "1,0,b,2,down",
    "10,5,a,8,up",
    "1,5,b,4,down",
    "2,0,a,5,up",
    "1,5,a,3,down",
  ];
  const table = readTable(["trial,ms,unit,rate,target", ...rows].join("\n")),
    long = tableToTensor(table, { trial: "trial", time: "ms", unit: "unit", value: "rate", perTrial: ["target"] });
  expect(long).toEqual({
    shape: [3, 2, 2],
    data: Float64Array.of(2, 1, 4, 3, 6, 5, NaN, NaN, NaN, NaN, NaN, 8),
    trials: [1, 2, 10],
    times: [0, 5],
    units: ["b", "a"],
    perTrial: { target: ["down", "up", "up"] },
  });
  const call =
    (extra: string, options = {}) =>
    () =>
      tableToTensor(readTable(["trial,ms,unit,rate,target", ...rows, extra].join("\n")), {
        trial: "trial",
        time: "ms",
        unit: "unit",
        value: "rate",
        ...options,
      });
  expect(call("1,0,a,9,down")).toThrow("a second one in row 8");
  expect(call("3,,a,9,down")).toThrow("none in row 8");
  expect(call("1,9,a,9,up", { perTrial: ["target"] })).toThrow("one target per trial");
  expect(call("3,0,a,9,up", { value: "target" })).toThrow("numbers in column target");
  expect(call("3,0,a,9,up", { unit: "cell" })).toThrow("a column called cell");
});

test("a whole number that no double holds keeps its digits, as text, and so does a number larger than all", () => {
  const { columns } = readTable("a,b,c,d\n9007199254740993,9007199254740992,1700000000000000001,1e999\n1,+1,2,3");
  expect(columns.a).toEqual(["9007199254740993", "1"]);
  expect(columns.b).toEqual(Float64Array.of(9007199254740992, 1));
  expect(columns.c).toEqual(["1700000000000000001", "2"]);
  expect(columns.d).toEqual(["1e999", "3"]);
});

test("long runs take linear time: digits before a letter, line ends, blanks before the end of a text", () => {
  const start = process.cpuUsage().user,
    digits = `${"1".repeat(300_000)}x`,
    blanks = `${" ".repeat(300_000)}x`;
  expect(readTable(`a\n${digits}`).columns.a).toEqual([digits]);
  expect(readTable(`a${"\r".repeat(300_000)}`).rows).toBe(299_998); // a blank line at the end is no row
  expect(withoutPadding(`${blanks}\0 `)).toBe(blanks);
  expect(process.cpuUsage().user - start).toBeLessThan(2e6); // microseconds; in quadratic time it would be minutes
});
