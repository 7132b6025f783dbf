import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { run } from "../../examples/demo/run";
import { tableText } from "../../examples/demo/terminal";
import { writeNpz } from "../../src/data";
import { tensor, zeros } from "../../src/tensor";
import { draw } from "../support/sweep";

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

test("a recording is analyzed by the command: a table, sentences, and a page that needs no network", async () => {
  const labels = ["--condition", "target", "--time", "2:12", "--trials", "0:56"],
    few = ["--ranks", "1", "--folds", "1"];
  await run(["--recording", file, "--activity", "activity", ...labels, ...few, "--out", out, "--seed", "3"]);
  const table = printed.join("\n");
  for (const row of ["conditionMean ", "smoothedConditionMean ", "trialPca ", "ltrRNN, rank 1 (chosen)"])
    expect(table).toContain(row);
  expect(table).toContain(join(out, "report.html"));
  const html = readFileSync(join(out, "report.html"), "utf8");
  expect(html).toContain("56 × 10 × 3 (trials × time × neurons)");
  expect(html).toContain("<svg");
  expect(html).not.toMatch(/(src|href)=/);
}, 120_000);

const refused: [string, string[], RegExp][] = [
  [
    "an unknown array",
    ["--activity", "rates"],
    /has no array called rates\. It has\n {2}activity \(60 × 12 × 3\)\n {2}target \(60\)/,
  ],
  ["a matrix", ["--activity", "matrix"], /--array: expected activity \(trials × time × neurons\), got 3 × 3/],
  [
    "labels of another length",
    ["--activity", "activity", "--condition", "short"],
    /--condition: expected 60 labels, one per trial, got short \(7\)/,
  ],
  ["a range past the end", ["--activity", "activity", "--time", "6:20"], /--time: expected a:b within 0:12.*"6:20"/],
  ["a range that is none", ["--activity", "activity", "--trials", "9:3"], /--trials: expected a:b within 0:60/],
  ["a rank of none", ["--activity", "activity", "--ranks", "0,2"], /expected axes\.rank to be a whole number/],
  ["half of a box", ["--activity", "activity", "--box", "2"], /--half: expected three sizes/],
  [
    "a recording too short for the boxes that were asked for",
    ["--activity", "activity", "--trials", "0:7", "--box", "5,2"],
    /--half: boxes of 11 trials × 5 bins are more than a tenth of 7 × 12: try --half 0,1,Infinity\./,
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
  await expect(run(["--recording", folder])).rejects.toThrow("a file that ends in");
});

test("a recording of seven trials works, in smaller boxes", async () => {
  const few = ["--trials", "0:7", "--ranks", "1", "--folds", "1"];
  await run(["--recording", file, "--activity", "activity", ...few, "--out", join(folder, "seven")]);
  expect(printed.join("\n")).toContain("ltrRNN, rank 1 (chosen)");
  expect(readFileSync(join(folder, "seven/report.html"), "utf8")).toContain("boxes of 1 trials × 3 bins");
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
