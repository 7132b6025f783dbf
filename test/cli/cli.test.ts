import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { random, version } from "../../src/base";
import { conditionMean } from "../../src/baselines";
import { runCommand, sentencesOf, type Analysis } from "../../src/cli";
import { fromJson, loadResult, toJson, readNpy, readNpz, writeNpy, writeNpz, type NpyArray } from "../../src/data";
import { cpFromArrays, cpToTensor } from "../../src/factored";
import type { LowTensorRankFit } from "../../src/fit";
import { holdOut, observedMask, type HoldOutOptions } from "../../src/masks";
import { explained } from "../../src/scores";
import { gridJobs, oneStandardError, type CrossValidation, type GridRow } from "../../src/select";
import { tensor } from "../../src/tensor";
import { builtEntries } from "../support/built";
import { hdf5Files } from "../support/hdf5-files";
import { array, complex, doubles, element, fileOf, number } from "../support/mat-file";
import { npyFile } from "../support/npy-oracle";
import { zipOf } from "../support/zip-of";

const folder = mkdtempSync(join(tmpdir(), "ltrnn-cli-")),
  at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { normal } = random(1, "planted"),
  factors = [12, 8, 6].map((size) => tensor([size, 2], Array.from({ length: 2 * size }, normal))),
  x = cpToTensor({ weights: tensor([2], [1, 1]), factors });
x.data.forEach((y, i) => {
  x.data[i] = y + 0.1 * normal();
});
writeFileSync(at("weights.npy"), writeNpy(x));
writeFileSync(
  at("recording.npz"),
  writeNpz({
    activity: x,
    target: tensor(
      [12],
      Array.from({ length: 12 }, (_, k) => k % 2),
    ),
    other: tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
  }),
);

async function call(...args: string[]) {
  let out = "",
    err = "";
  const code = await runCommand(args, {
    out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
  });
  return { code, out, err };
}

test("help teaches, on stdout; a wrong call is said on stderr, with its own exit code", async () => {
  expect((await call("--help")).out).toContain("ltrnn COMMAND FILE");
  for (const name of ["analyze", "fit", "cv", "cp", "bound", "report", "convert", "run"]) {
    const { code, out, err } = await call(name, "--help");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`ltrnn ${name}`);
  }
  expect(await call("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  for (const [args, said] of [
    [[], "ltrnn COMMAND FILE"],
    [["dance"], "expected a command, one of analyze, fit, cv"],
    [["cp", at("weights.npy"), "--ranks", "1"], "Unknown option '--ranks'. Did you mean --rank?"],
    [["cp", at("weights.npy")], "expected --rank"],
    [["cp", at("weights.npy"), "--rank", "two"], 'expected numbers such as 1,2,3, got "two"'],
    [["cp", at("none.npy"), "--rank", "1"], "no such file"],
    [["cp", at("none.txt"), "--rank", "1"], "a file that ends in .npz, .npy, .mat"],
    [["cp", at("recording.npz"), "--rank", "1"], "name the array with --array. It has\n  activity (12 × 8 × 6)"],
    [["cp", at("recording.npz"), "--array", "rates", "--rank", "1"], "has no array called rates"],
    [["cp", at("weights.npy"), "--rank", "1", "--trials", "3:30"], "expected a:b within 0:12"],
    [["cv", at("weights.npy"), "--threads", "1", "--redis", "a:1"], "--redis: expected no --threads beside it"],
    [["cv", at("weights.npy"), "--jobs", at("j"), "--journal", "a"], "--jobs: expected no --journal beside it"],
    [["cv", "--collect", at("j"), "--rank", "1"], "--collect: expected no --rank beside it"],
    [["cv", at("weights.npy"), "--limit", "3"], "--limit: expected --threads too"],
    [["cv", at("weights.npy"), "--baselines=median"], "expected names out of conditionMean, smoothed"],
    [["cv", at("weights.npy"), "--baselines", "--model", "cp"], "--baselines: expected --model fit"],
    [["fit", at("weights.npy"), "--rank", "1", "--options", "[1]"], "expected a record in JSON"],
    [["cp", at("weights.npy"), "--rank", "1", "--rank", "2"], "--rank: expected it once, got it twice"],
    [["cp", at("weights.npy"), "--rank", "1", "--folds", "2"], "--folds: expected several ranks"],
    [["cv", at("weights.npy"), "--collect", at("j")], "--collect: expected no file beside it"],
    [["convert", at("weights.npy"), at("y.npz"), "--align", "go"], "--align: expected a session in .nwb"],
    [["fit", at("weights.npy"), "--rank", "1", "--seed", "1", "--options", `{"seed":2}`], "--seed: expected it once"],
    [["fit", at("weights.npy"), "--rank", "1", "--options", `{"mask":[1]}`], "--options: expected no mask"],
  ] as const) {
    const { code, out, err } = await call(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(said);
  }
  const refused = await call("cv", at("weights.npy"), "--model", "cp", "--rank", "1,1");
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toContain("different values along");
});

test("a file that cannot be written is refused before anything is computed, by every command that writes", async () => {
  const data = at("weights.npy");
  for (const [args, what, files] of [
    [["cp", data, "--rank", "1", "--out"], "--out", [join(data, "x.npz"), folder, at("x.txt")]],
    [["fit", data, "--rank", "1", "--out"], "--out", [join(data, "x.npz"), folder, at("x.txt")]],
    [["analyze", data, "--out"], "--out", [join(data, "x.html"), folder]],
    [["report", at("none.json"), "--out"], "--out", [join(data, "x.html"), folder]],
    [["convert", data], "the file to write", [join(data, "x.npz"), folder, at("x.txt")]],
    [["cv", data, "--model", "cp", "--rank", "1", "--jobs"], "--jobs", [data, join(data, "jobs")]],
  ] as const)
    for (const file of files) {
      const { code, out, err } = await call(...args, file);
      expect([code, out], `${args[0]} ${file}`).toEqual([2, ""]);
      expect(err).toContain(`ltrnn ${args[0]}: ${what}: `);
      expect(err).toMatch(/a folder for .* is a file|ENOTDIR|EEXIST|a file that ends in|got the folder/);
    }
});

test("a seed among the options of a fit counts", async () => {
  const data = [at("recording.npz"), "--array", "activity", "--half", "0,0,0"],
    few = ["--rank", "1", "--steps", "1", "--starts", "1", "--json"],
    scoresOf = async (...args: string[]) => JSON.parse((await call("fit", ...data, ...few, ...args)).out);
  const { seed, validation } = await scoresOf("--options", '{"seed":3}');
  expect(seed).toBe(3);
  expect(await scoresOf("--seed", "3")).toMatchObject({ validation });
});

test("cp: one rank is decomposed and saved, of several one is recommended", async () => {
  const saved = await call("cp", at("weights.npy"), "--rank", "2", "--starts", "3", "--out", at("cp.npz"));
  expect(saved).toMatchObject({ code: 0, err: "" });
  const cp = cpFromArrays(readNpz<Record<string, NpyArray>>(readFileSync(at("cp.npz"))));
  const error = cpToTensor(cp).data.reduce((sum, y, i) => sum + (y - x.data[i]) * (y - x.data[i]), 0) / x.data.length;
  expect(error).toBeLessThan(0.012);
  const chosen = await call(
    "cp",
    at("recording.npz"),
    "--array",
    "activity",
    "--rank",
    "1,2,3",
    "--folds",
    "3",
    "--json",
  );
  expect(JSON.parse(chosen.out)).toMatchObject({ rank: 2, answer: "chosen", status: "converged" });
  expect(chosen.err).toContain("of 15 cells");
});

test("fit, bound and convert", async () => {
  const args = [
    "--array",
    "activity",
    "--condition",
    "target",
    "--rank",
    "1",
    "--units",
    "6",
    "--steps",
    "20",
    "--starts",
    "1",
  ];
  const { code, out } = await call(
    "fit",
    at("recording.npz"),
    ...args,
    "--trials",
    "0:10",
    "--half",
    "0,1,Infinity",
    "--out",
    at("fit.json"),
    "--json",
  );
  expect(code).toBe(0);
  const fit = fromJson<LowTensorRankFit>(readFileSync(at("fit.json"), "utf8"));
  expect(JSON.parse(out)).toMatchObject({ rank: 1, status: fit.status, steps: fit.steps });
  expect(fit.prediction.shape).toEqual([10, 8, 6]);
  expect(fit.conditionLabels).toEqual([0, 1]);
  const bound = await call("bound", at("recording.npz"), "--array", "other", "--json");
  expect(JSON.parse(bound.out)).toMatchObject({ atLeast: 2 });
  expect((await call("convert", at("recording.npz"), at("a.npy"), "--array", "activity")).code).toBe(0);
  expect(readNpy(readFileSync(at("a.npy"))).data).toEqual(x.data);
  expect((await call("convert", at("a.npy"), at("b.npz"))).code).toBe(0);
  expect(readNpz(readFileSync(at("b.npz"))).array.data).toEqual(x.data);
});

test(
  "cv goes on from its journal; the tasks of an array, run as " + "processes, give the same rows to the bit",
  async () => {
    const grid = [at("weights.npy"), "--model", "cp", "--rank", "0,2", "--folds", "2", "--half", "0,0,0"],
      here = await call("cv", ...grid, "--journal", at("grid.journal"), "--json"),
      again = await call("cv", ...grid, "--journal", at("grid.journal"), "--json");
    expect(here.code).toBe(0);
    expect(again.out).toBe(here.out);
    expect(again.err).not.toContain("1 of 4");
    const rows = (text: string) => fromJson<CrossValidation>(text).rows;
    expect(fromJson<CrossValidation>(here.out).choice).toMatchObject({ axes: { rank: 2 } });
    expect((await call("cv", ...grid, "--jobs", at("jobs"))).out).toContain("4 jobs in");
    expect((await call("cv", "--collect", at("jobs"))).code).toBe(130);
    const entries = await builtEntries();
    let gathered = "";
    try {
      const cli = join(entries.folder, "cli.js"),
        script = fileURLToPath(new URL("../../examples/slurm/array.sh", import.meta.url));
      for (let task = 0; task < 4; task++)
        execFileSync("bash", [script], {
          env: {
            ...process.env,
            SLURM_ARRAY_TASK_ID: String(task),
            JOBS: at("jobs"),
            LTRNN: `${process.execPath} ${cli}`,
          },
        });
      const collect = fileURLToPath(new URL("../../examples/slurm/collect.sh", import.meta.url));
      gathered = execFileSync("bash", [collect, "--json"], {
        env: { ...process.env, JOBS: at("jobs"), LTRNN: `${process.execPath} ${cli}` },
        encoding: "utf8",
      });
      // a reader that has gone is no failure, and a disk that is full is said, not thrown
      const said = (to: string) =>
        execFileSync("bash", ["-c", `"${process.execPath}" "${cli}" --help ${to}; echo $PIPESTATUS`], {
          encoding: "utf8",
        });
      expect(said("| true").trim()).toBe("0");
      if (existsSync("/dev/full")) expect(said("2>&1 > /dev/full | grep ENOSPC")).toMatch(/^ltrnn: ENOSPC.*\n1\n$/);
    } finally {
      entries.remove();
    }
    expect(readdirSync(at("jobs")).filter((name) => /^row-/.test(name))).toHaveLength(4);
    const collected = await call("cv", "--collect", at("jobs"), "--json");
    expect(collected.code).toBe(0);
    expect(gathered).toBe(collected.out);
    expect(rows(collected.out)).toEqual(rows(here.out));
    expect(existsSync(at("jobs/row-0.json.part"))).toBe(false);
  },
);

test("a cell that is refused does not keep other arrays of its file from a command", async () => {
  const cells = array(1, [1, 2], "labels", number(3), complex("")),
    doublesOf = element(9, doubles(...Float64Array.from({ length: 24 }, normal)));
  writeFileSync(at("cells.mat"), fileOf(cells, array(6, [2, 3, 4], "x", doublesOf)));
  expect(await call("bound", at("cells.mat"))).toMatchObject({ code: 0, err: "" });
  const { code, err } = await call("bound", at("cells.mat"), "--array", "labels");
  expect([code, err]).toEqual([2, expect.stringContaining("no array called labels. It has\n  x (2 × 3 × 4)")]);
});

test("a saved fit becomes a page, and a result that is none is refused", async () => {
  const fitted = [
    "fit",
    at("recording.npz"),
    "--array",
    "activity",
    "--rank",
    "1",
    "--steps",
    "3",
    "--half",
    "0,0,Infinity",
  ];
  expect((await call(...fitted, "--out", at("fit.json"))).code).toBe(0);
  const made = await call("report", at("fit.json"), "--out", at("fit.html"), "--title", "A fit");
  expect(made).toEqual({ code: 0, err: "", out: `${at("fit.html")}\n` });
  const page = readFileSync(at("fit.html"), "utf8");
  expect(page).toContain("<h1>A fit</h1>");
  expect(page).toContain("<svg");
  expect((await call(...fitted, "--out", at("fit.npz"))).code).toBe(0);
  const wall = (text: string) => text.replace(/"seconds":[^,}]*/g, "");
  expect(wall(toJson(loadResult(readFileSync(at("fit.npz")))))).toBe(wall(readFileSync(at("fit.json"), "utf8")));
  expect((await call("report", at("fit.npz"), "--out", at("npz.html"), "--title", "A fit")).code).toBe(0);
  expect(readFileSync(at("npz.html"), "utf8").length).toBe(page.length);
  writeFileSync(at("none.json"), "{}");
  expect(await call("report", at("none.json"), "--out", at("none.html"))).toMatchObject({ code: 1, out: "" });
  expect((await call("report", at("fit.json"))).err).toContain("expected --out");
});

test("HDF5, MATLAB 7.3 and NWB files are converted; spikes are binned around a column of the trials", async () => {
  const { plain, mat, nwb } = hdf5Files();
  writeFileSync(at("a.h5"), plain);
  writeFileSync(at("a.mat"), mat);
  writeFileSync(at("a.nwb"), nwb);
  expect((await call("convert", at("a.h5"), at("h5.npz"))).code).toBe(0);
  expect(readNpz(readFileSync(at("h5.npz")))["a/x"].shape).toEqual([2, 3, 4]);
  expect((await call("convert", at("a.mat"), at("mat.npy"), "--array", "x")).code).toBe(0);
  expect(readNpy(readFileSync(at("mat.npy"))).shape).toEqual([2, 3, 4]);
  const binned = ["convert", at("a.nwb"), at("nwb.npz"), "--align", "go_cue", "--window", "0,1.5", "--bin", "0.25"];
  const { code, err } = await call(...binned, "--until", "stop_time");
  expect([code, err]).toEqual([0, "target: 0 = l, 1 = r\n"]);
  const { counts, target } = readNpz(readFileSync(at("nwb.npz")));
  expect([counts.shape, target.shape]).toEqual([[8, 6, 3], [8]]);
  expect((await call("convert", at("a.nwb"), at("nwb.npz"))).err).toContain("expected --align COLUMN");
  expect((await call(...binned, "--until", "target")).err).toContain("a column of times");
  expect((await call("cp", at("a.nwb"), "--rank", "1")).err).toContain("ltrnn convert makes an .npz");
});

test("cv --baselines: every baseline and rival on the boxes of the fits, counts by their deviance", async () => {
  const ten = Array.from({ length: 3 * 12 * 4 }, (_, i) => Math.floor(3 + 2 * Math.sin(i % 12) + normal()));
  const counts = tensor(
    [12, 4, 3],
    ten.map((count) => Math.max(0, count)),
  );
  writeFileSync(at("counts.npy"), writeNpy(counts));
  const fits = ["--rank", "1", "--size", "4", "--folds", "1", "--half", "0,0,Infinity"],
    options = ["--options", '{"training":{"steps":4,"starts":1,"loss":"poisson"}}'];
  const { code, out } = await call("cv", at("counts.npy"), ...fits, ...options, "--baselines");
  expect(code).toBe(0);
  for (const name of [
    ...["conditionMean", "smoothedConditionMean", "reducedRankKernel", "trialPca"],
    ...["maskedCp", "sliceComponents", "linearDynamics", "fit, size 4, rank 1"],
  ])
    expect(out).toMatch(new RegExp(`^${name}.* -?\\d\\.\\d{3}`, "m"));
  expect(out).toMatch(/^Ceiling of means, by \d+ pairs of near trials: 0\.\d+ of the variance\.$/m);
  // by hand: the deviance of the means of bins and neurons, of which none is silent
  const asked = ["--baselines=conditionMean", "--json"],
    { rows } = fromJson<CrossValidation>((await call("cv", at("counts.npy"), ...fits, ...options, ...asked)).out);
  expect(rows.map(({ model }) => model)).toEqual(["conditionMean", "fit"]);
  const [job] = gridJobs(counts, { model: "conditionMean" }, { folds: 2, boxes: { half: [0, 0, Infinity] } }),
    { train, test: held } = holdOut(observedMask(counts), job.boxes as HoldOutOptions),
    { prediction } = conditionMean(counts, { train });
  const share = explained(counts, prediction, { train, over: held, deviance: "poisson" }).total;
  expect(rows[0].test).toBeCloseTo(share as number, 12);
});

test("analyze: ranks in splits beside baselines, labels of text, and a page that says how sure it is", async () => {
  const [trials, bins, neurons] = [40, 8, 3],
    sides = Array.from({ length: trials }, (_, k) => (k % 2 ? "right" : "left")),
    data = Array.from({ length: trials * bins * neurons }, (_, at) => {
      const k = Math.floor(at / 24);
      return Math.sin((at % 24) + (k % 2)) * (1 + k / 20) + 0.1 * normal();
    });
  writeFileSync(
    at("labeled.npz"),
    zipOf([
      { name: "activity.npy", content: writeNpy(tensor([trials, bins, neurons], data)) },
      {
        name: "phase.npy",
        content: writeNpy(
          tensor(
            [trials],
            sides.map((_, k) => Number(k >= 20)),
          ),
        ),
      },
      { name: "side.npy", content: textNpy(sides) },
    ]),
  );
  const asked = ["analyze", at("labeled.npz"), "--array", "activity", "--condition", "side", "--epoch", "phase"],
    few = ["--rank", "1,2", "--folds", "2", "--options", '{"network":{"units":8},"training":{"steps":40}}'],
    { code, out } = await call(...asked, ...few, "--out", at("found/labeled.html"));
  expect(code).toBe(0);
  const html = readFileSync(at("found/labeled.html"), "utf8");
  for (const said of [
    /^(ltrRNN, rank [12] is best on validation entries|ltrRNN, rank 1 is the simplest within a standard error)/m,
    /^On test boxes it explains (more than|less than|as much, within two standard errors, as) the best baseline, /m,
    /^Other starts agree with the fit that is shown by \d\.\d\d \(1 is the same\)\.$/m,
    /^Fits to other splits agree with it by \d\.\d\d\.$/m,
    /^(Bands of trial factors are two standard errors|Standard errors of trial factors are a guess)/m,
    /^Ceiling of means, by 38 pairs of near trials/m,
  ]) {
    expect(out).toMatch(said);
    expect(html).toMatch(new RegExp(said.source.replace(/^\^/, "").replace(/\$$/, "")));
  }
  expect(html).toContain("left");
  expect(html).toContain("Agreement of other splits");
  expect(html).not.toMatch(/(src|href)=/);
  expect((await call(...asked, "--half", "5,2")).err).toContain("--half: expected three sizes");
  expect((await call(...asked, "--out", folder)).err).toContain("--out: expected a file");
});

test("sentences of an analysis follow from its numbers", () => {
  const row = (model: string, fold: number, test: number, rank?: number): GridRow => ({
    ...{ cell: 0, model, axes: rank === undefined ? {} : { rank }, fold, status: "converged", reason: null },
    ...{ facts: {}, training: test, validation: test, test },
  });
  const told = (rows: GridRow[], more: Partial<Analysis> = {}) =>
    sentencesOf({
      ...{ rows, splits: [], uncertainty: "they need more", status: "converged" },
      choice: oneStandardError(rows.filter(({ model }) => model === "ltrRNN")),
      fit: { replicability: [] } as unknown as LowTensorRankFit,
      ...more,
    }).join(" ");
  const three = (model: string, tests: number[], rank?: number) =>
    tests.map((test, fold) => row(model, fold, test, rank));
  const means = three("conditionMean", [0.5, 0.5, 0.5]);
  // differences 0.1, 0.2, 0.3: mean 0.2, standard error 0.058; 0, 0.05, 0.1: 0.05, 0.029
  const better = told([...means, ...three("ltrRNN", [0.6, 0.7, 0.8], 1)]);
  expect(better).toContain(
    "more than the best baseline, conditionMean: they differ by 0.200 (standard error over splits 0.058).",
  );
  for (const said of [
    "One start: nothing says",
    "One split: nothing says",
    "No standard errors",
    "an edge of the grid",
  ])
    expect(better).toContain(said);
  expect(told([...means, ...three("ltrRNN", [0.5, 0.55, 0.6], 1)])).toContain(
    "as much, within two standard errors, as",
  );
  expect(told([...means, ...three("ltrRNN", [0.4, 0.3, 0.2], 1)])).toContain("explains less than the best baseline");
  expect(told([row("trialPca", 0, 0.7), row("ltrRNN", 0, 0.6, 1)])).toContain("less than the best baseline, trialPca");
  expect(told(means)).toBe("No fit could be scored.");
});

/** The bytes of an array of text, as numpy saves it. */
function textNpy(texts: readonly string[]): Uint8Array {
  const width = Math.max(...texts.map((text) => text.length)),
    points = texts.flatMap((text) => Array.from({ length: width }, (_, i) => text.codePointAt(i) ?? 0));
  const head = `{'descr': '<U${width}', 'fortran_order': False, 'shape': (${texts.length},), }`;
  return npyFile(head, new Uint8Array(new Uint32Array(points).buffer));
}
