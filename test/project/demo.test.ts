import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { readRecording } from "../../examples/demo/recording";
import { run } from "../../examples/demo/run";
import { tableText } from "../../examples/demo/terminal";
import { writeNpy, writeNpz } from "../../src/data";
import { tensor, zeros } from "../../src/tensor";
import { npyFile } from "../support/npy-oracle";
import { draw } from "../support/sweep";
import { zipOf } from "../support/zip-of";

const folder = mkdtempSync(join(tmpdir(), "ltrnn-demo-")),
  out = join(folder, "report"),
  file = join(folder, "small.npz");
const trials = 60,
  activity = zeros([trials, 12, 3]),
  d = draw(1);
activity.data.forEach(
  (_, at) =>
    (activity.data[at] =
      Math.sin((at % 36) + (Math.floor(at / 36) % 2)) * (1 + Math.floor(at / 36) / 40) + 0.1 * d.normal([1]).data[0]),
);
for (let at = 5; at < activity.data.length; at += 97) activity.data[at] = NaN;
writeFileSync(
  file,
  writeNpz({
    activity,
    target: tensor(
      [trials],
      Array.from({ length: trials }, (_, k) => 45 * (k % 2)),
    ),
    matrix: zeros([3, 3]),
    short: zeros([7]),
  }),
);
writeFileSync(join(folder, "cut.npz"), readFileSync(file).subarray(0, 500));
writeFileSync(join(folder, "foreign.npz"), "no zip, but a text that is long enough");
const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("labels of a recording may be text", () => {
  const text = new Uint8Array(new Uint32Array(Array.from("abababab", (letter) => letter.charCodeAt(0))).buffer);
  const labels = npyFile("{'descr': '<U1', 'fortran_order': False, 'shape': (8,), }", text),
    path = join(folder, "text.npz");
  writeFileSync(
    path,
    zipOf([
      { name: "activity.npy", content: writeNpy(zeros([8, 4, 2])) },
      { name: "side.npy", content: labels },
    ]),
  );
  const trials = { from: 1, to: 4 };
  expect(readRecording({ file: path, activity: "activity", condition: "side", trials }).conditions).toEqual([
    "b",
    "a",
    "b",
  ]);
  expect(() => readRecording({ file: path, activity: "side" })).toThrow("--activity: expected trials × time × neurons");
});

test("a recording is fitted: one row per baseline and rank, and a report that needs no network", async () => {
  await run([
    "--recording",
    file,
    "--activity",
    "activity",
    "--condition",
    "target",
    "--time",
    "2:12",
    "--trials",
    "0:56",
    "--out",
    out,
    "--seed",
    "3",
    "--ranks",
    "1,2",
  ]);
  const table = printed.join("\n");
  for (const row of [
    "condition × time mean",
    "PCA of trials",
    "smoothed over trials",
    "ltrRNN of rank 1",
    "ltrRNN of rank 2",
  ])
    expect(table).toContain(row);
  expect(table).toContain(out);
  const html = readFileSync(join(out, "report.html"), "utf8");
  expect(html).toContain("56 × 10 × 3 (trials × time × neurons)");
  expect(html).toContain("<svg");
  expect(html).toContain("two standard errors");
  // what is said of the edge of the grid follows from the choice
  const chosen = /ltrRNN of rank (\d)[^\n]* rank\n/.exec(`${table}\n`)?.[1];
  expect(chosen).toBeDefined();
  expect(html.includes("an edge of the grid")).toBe(chosen === "2");
  expect(html).toContain("The other start of the chosen rank agrees with it by");
  expect(html).not.toMatch(/(src|href)=/);
}, 120_000);

const refused: [string, string[], RegExp][] = [
  [
    "an unknown array",
    ["--activity", "rates"],
    /has no array called "rates"\. It has\n {2}activity \(60 × 12 × 3\) <f8\n {2}target \(60\) <f8/,
  ],
  ["a matrix", ["--activity", "matrix"], /expected trials × time × neurons, got matrix of shape \(3 × 3\)/],
  [
    "labels of another length",
    ["--activity", "activity", "--condition", "short"],
    /--condition: expected one label per trial, \(60\), got short of shape \(7\)/,
  ],
  [
    "a range past the end",
    ["--activity", "activity", "--time", "6:20"],
    /--time: expected a range within 0:12, got 6:20/,
  ],
  ["a range that is none", ["--activity", "activity", "--trials", "9:3"], /--trials: expected a:b with a below b/],
  ["no activity", [], /expected also --activity/],
  ["a rank of none", ["--activity", "activity", "--ranks", "0,2"], /--ranks: expected whole numbers from 1 on/],
  ["half a box", ["--activity", "activity", "--box", "2"], /--box: expected trials,bins/],
  [
    "a recording too short for its boxes",
    ["--activity", "activity", "--trials", "0:7"],
    /--box: boxes of 11 trials × 5 bins are more than a tenth of 7 × 12: try --box 0,1\./,
  ],
];
test.each(refused)("%s is refused, and nothing is written", async (_, args, message) => {
  const fresh = join(folder, "fresh");
  await expect(run(["--recording", file, ...args, "--out", fresh])).rejects.toThrow(message);
  expect(existsSync(fresh)).toBe(false);
});

test.each([
  ["cut.npz", /whole zip file|cut short/],
  ["foreign.npz", /which is a zip/],
  ["absent.npz", /no such file/],
])("%s is refused", async (name, message) => {
  await expect(run(["--recording", join(folder, name), "--activity", "x"])).rejects.toThrow(message);
});

test("options that do not fit are refused", async () => {
  await expect(run(["--seed", "x"])).rejects.toThrow('--seed: expected a number, got "x"');
  await expect(run(["--activity", "x"])).rejects.toThrow("--activity says how to read a recording");
  await expect(run(["--out", file])).rejects.toThrow("--out: expected a folder, got the file");
  await expect(run(["--rank", "3"])).rejects.toThrow("Unknown option '--rank'");
});

test("a recording of seven trials works with smaller boxes", async () => {
  const box = ["--trials", "0:7", "--box", "0,1", "--ranks", "1"];
  await run(["--recording", file, "--activity", "activity", ...box, "--out", join(folder, "seven")]);
  expect(printed.join("\n")).toContain("ltrRNN of rank 1");
}, 60_000);

test("--help says what there is, and writes nothing", async () => {
  await run(["--help"]);
  expect(printed.join("\n")).toMatch(/--ranks.*\n.*--time.*\n.*--box/);
});

test("a table is aligned", () => {
  expect(
    tableText({
      caption: "T",
      columns: ["a", "bb"],
      rows: [
        ["1", "2"],
        ["long", "3"],
      ],
    }),
  ).toBe("\nT\n  a      bb\n  ----   --\n  1       2\n  long    3\n");
});
