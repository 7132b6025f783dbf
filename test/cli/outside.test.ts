import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync } from "node:fs";
import { readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../src/cli";
import { fromJson, readNpy, writeNpy } from "../../src/data";
import type { LowTensorRankFit } from "../../src/fit";
import { builtEntries } from "../support/built";
import { draw } from "../support/sweep";

/** The command line as a process, as an ordinary user even where tests run as root: root may read and write all. */
const folder = mkdtempSync(join(tmpdir(), "ltrnn-outside-")),
  at = (name: string) => join(folder, name),
  isRoot = process.getuid?.() === 0;
let entries: Awaited<ReturnType<typeof builtEntries>>, cli: string;
/** The user of processes; none: the one of the tests. */
let nobody: { readonly uid: number; readonly gid: number } | undefined;
const x = draw(1).normal([12, 8, 6]);
beforeAll(async () => {
  entries = await builtEntries();
  cli = join(entries.folder, "cli.js");
  chmodSync(entries.folder, 0o755);
  writeFileSync(at("x.npy"), writeNpy(x));
  if (isRoot) nobody = { uid: 65534, gid: 65534 };
  try {
    for (const name of ["", "x.npy"]) give(name);
    if (run("--version").code !== 0) nobody = undefined; // who may not read this folder
  } catch {
    nobody = undefined; // a container may have one user alone
  }
});
/** Make a file or folder that of the user of processes. */
const give = (name: string): void => {
  if (nobody) chownSync(at(name), nobody.uid, nobody.gid);
};
afterAll(() => {
  entries?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A run of the process: its code, and what it said. */
const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    ...{ cwd: folder, encoding: "utf8", ...nobody },
  });
  return { code: status, out: stdout, err: stderr };
};

async function call(args: readonly string[], signal?: AbortSignal) {
  let out = "",
    err = "";
  const terminal = {
    out(text: string) {
      out += text;
    },
    err(text: string) {
      err += text;
    },
    ...(signal ? { signal } : {}),
  };
  return { code: await runCommand(args, terminal), out, err };
}

const started = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args], { cwd: folder, ...nobody });

const ended = (child: ChildProcess) =>
  new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) =>
    child.once("exit", (code, signal) => resolve([code, signal])),
  );

test("an output that cannot be made is refused before anything is computed", async () => {
  symlinkSync("loop.npz", at("loop.npz"));
  symlinkSync(join("x.npy", "x.npz"), at("wrong.npz"));
  for (const [out, said] of [
    ["loop.npz", "ELOOP"],
    ["wrong.npz", "ENOTDIR"],
    [`${"x".repeat(300)}.npz`, "ENAMETOOLONG"],
    ["loop.npz/x.npz", "ELOOP"],
  ] as const) {
    // a rank that the library would refuse where it computes, with the code 1
    const { code, err } = await call(["cp", at("x.npy"), "--rank", "0.5", "--out", at(out)]);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  }
});

test("an output without a name is refused, of files and of folders", async () => {
  for (const args of [
    ["analyze", at("x.npy"), "--out="],
    ["report", at("none.json"), "--out="],
    ["cv", at("x.npy"), "--model", "cp", "--rank", "1", "--jobs="],
  ]) {
    const { code, err } = await call(args);
    expect([code, err]).toEqual([2, expect.stringMatching(/--(out|jobs): expected the name of a .*, got none\./)]);
  }
});

test("an ordinary user is told, in a line, what may not be read or written", (context) => {
  if (isRoot && !nobody) return context.skip("no other user may read this folder");
  for (const [name, mode] of [
    ["closed", 0o600],
    ["fixed", 0o500],
  ] as const) {
    mkdirSync(at(name));
    give(name);
    chmodSync(at(name), mode);
  }
  expect(run("cv", "x.npy", "--model", "cp", "--rank", "0", "--half", "0,0,0", "--jobs", "jobs").code).toBe(0);
  writeFileSync(at("secret.npy"), writeNpy(x));
  writeFileSync(at("kept.npz"), "");
  for (const name of ["secret.npy", "jobs/job-1.json"]) chmodSync(at(name), 0o000);
  chmodSync(at("kept.npz"), 0o444);
  for (const [args, said] of [
    [["cp", "secret.npy", "--rank", "0.5"], "ltrnn cp: secret.npy: EACCES"],
    [["cp", "x.npy", "--rank", "0.5", "--out", "closed/a.npz"], "ltrnn cp: --out: EACCES"],
    [["cp", "x.npy", "--rank", "0.5", "--out", "fixed/a/b.npz"], "ltrnn cp: --out: EACCES"],
    [["cp", "x.npy", "--rank", "0.5", "--out", "kept.npz"], "ltrnn cp: --out: EACCES"],
    [["cv", "x.npy", "--model", "cp", "--rank", "0", "--jobs", "closed/jobs"], "ltrnn cv: --jobs: EACCES"],
    [["cv", "--collect", "jobs"], `ltrnn cv: ${join("jobs", "job-1.json")}: EACCES`],
    [["cv", "--collect", "closed"], "ltrnn cv: --collect: expected"],
    [["run", "jobs/job-1.json"], "ltrnn run: jobs/job-1.json: EACCES"],
  ] as const) {
    const { code, out, err } = run(...args);
    if (said.endsWith("expected"))
      expect(err).toContain("at least one job"); // its names may be read
    else expect([code, out, err]).toEqual([2, "", expect.stringContaining(said)]);
    expect(err).not.toMatch(/^\s+at /m);
  }
  for (const name of ["closed", "fixed"]) chmodSync(at(name), 0o700);
});

test("a disk without room is said with the code 1, and leaves the earlier file as it was", async () => {
  const large = writeNpy(draw(2).normal([20, 20, 20]));
  writeFileSync(at("large.npy"), large);
  writeFileSync(at("earlier.npy"), "earlier");
  const limited = (file: string) =>
    spawnSync("bash", ["-c", `ulimit -f 8; "${process.execPath}" "${cli}" convert large.npy ${file}`], {
      ...{ cwd: folder, encoding: "utf8" },
    });
  for (const file of ["earlier.npy", "other.npy"]) {
    const { status, stdout, stderr } = limited(file);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^ltrnn convert: ${file}: EFBIG: .*\n$`));
  }
  expect(readFileSync(at("earlier.npy"), "utf8")).toBe("earlier");
  expect(existsSync(at("other.npy"))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  chmodSync(at("earlier.npy"), 0o666); // of which umask takes some away where a file is made
  expect((await call(["convert", at("large.npy"), at("earlier.npy")])).code).toBe(0);
  expect(readFileSync(at("earlier.npy")).equals(large)).toBe(true);
  expect(statSync(at("earlier.npy")).mode & 0o777).toBe(0o666);
  // what is of another user stays so
  give("earlier.npy");
  const { uid, ino } = statSync(at("earlier.npy"));
  expect((await call(["convert", at("x.npy"), at("earlier.npy")])).code).toBe(0);
  expect(readNpy(readFileSync(at("earlier.npy"))).data).toEqual(x.data);
  expect([statSync(at("earlier.npy")).uid, statSync(at("earlier.npy")).ino === ino]).toEqual([
    uid,
    nobody !== undefined,
  ]);
  // what is no file is written to, and stays what it is
  symlinkSync("to-be-made.npy", at("link.npy"));
  expect((await call(["convert", at("x.npy"), at("link.npy")])).code).toBe(0);
  expect(readNpy(readFileSync(at("to-be-made.npy"))).data).toEqual(x.data);
  if (!existsSync("/dev/full")) return;
  symlinkSync("/dev/full", at("full.npy"));
  const { code, err } = await call(["convert", at("x.npy"), at("full.npy")]);
  expect([code, err]).toEqual([1, expect.stringContaining("ENOSPC")]);
});

test("signals: a command without steps ends at once, one with steps after its step, with what it has", async () => {
  // a pipe that gives nothing: the process waits in the middle of reading
  execFileSync("mkfifo", [at("pipe.npy")]);
  give("pipe.npy");
  const reader = started("bound", "pipe.npy"),
    end = ended(reader);
  let pipe = -1;
  while (pipe < 0) {
    await new Promise((resume) => setTimeout(resume, 20));
    try {
      pipe = openSync(at("pipe.npy"), constants.O_WRONLY | constants.O_NONBLOCK); // there is no reader yet
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
    }
  }
  reader.kill("SIGTERM");
  expect(await end).toEqual([null, "SIGTERM"]);
  closeSync(pipe);

  // without a tolerance it does not end before the signal comes
  const options = JSON.stringify({ training: { tolerance: 0 } }),
    few = ["--rank", "1", "--units", "6", "--starts", "1", "--steps", "1000000", "--half", "0,0,0"],
    fit = started("fit", "x.npy", ...few, "--options", options, "--out", "stopped.json"),
    stopped = ended(fit);
  await new Promise((resume) => fit.stderr?.once("data", resume));
  fit.kill("SIGHUP");
  expect(await stopped).toEqual([130, null]);
  expect(fromJson<LowTensorRankFit>(readFileSync(at("stopped.json"), "utf8")).status).toBe("aborted");

  const cp = await call(["cp", at("x.npy"), "--rank", "2", "--out", at("cp.npz")], AbortSignal.abort());
  expect(cp).toMatchObject({ code: 130, out: expect.stringContaining("aborted after 1 sweeps") });
  expect(existsSync(at("cp.npz"))).toBe(true);
});

test("a folder of jobs has those of one grid: rows of another one are never gathered", async () => {
  const jobs = (rank: string) => [
    ...["cv", at("x.npy"), "--model", "cp", "--rank", rank, "--folds", "1", "--half", "0,0,0", "--jobs", at("grids")],
  ];
  expect((await call(jobs("1"))).code).toBe(0);
  expect((await call(["run", at("grids/job-0.json")])).code).toBe(0);
  expect((await call(jobs("1"))).code).toBe(0);
  const other = await call(jobs("2"));
  expect([other.code, other.err]).toEqual([2, expect.stringContaining("without jobs and rows of another grid")]);
  rmSync(at("grids/job-0.json"));
  expect((await call(jobs("2"))).code).toBe(2);
  writeFileSync(at("grids/job-0.json"), '{"version');
  const torn = await call(["cv", "--collect", at("grids")]);
  expect([torn.code, torn.err]).toEqual([1, expect.stringContaining(`${at("grids/job-0.json")}: fromJson`)]);
});

test("numbers below zero follow their option, other texts with a dash take =, and -h is --help", async () => {
  expect((await call(["bound", at("x.npy"), "--tolerance", "-1"])).err).toContain("tolerance");
  expect((await call(["bound", at("x.npy"), "--tolerance", "-.5"])).code).toBe(1);
  const { code, err } = await call(["cp", at("x.npy"), "--rank", "1", "--out", "-a.npz"]);
  expect([code, err]).toEqual([
    2,
    'ltrnn cp: --out: expected a text after it; one that begins with a dash takes "=": --out=-x.\n' +
      "ltrnn cp --help says how.\n",
  ]);
  // labels are for those who use them
  for (const name of ["cp", "bound"])
    expect((await call([name, at("x.npy"), "--condition", "a"])).err).toContain("Unknown option '--condition'");
  const cv = await call(["cv", at("x.npy"), "--model", "cp", "--rank", "1", "--condition", "array"]);
  expect([cv.code, cv.err]).toEqual([2, expect.stringContaining("--condition: expected")]);
  expect((await call(["cp", "-h"])).out).toBe((await call(["cp", "--help"])).out);
  expect((await call(["cp", "--rank", "1", "--", "-1.npy"])).err).toContain("-1.npy: ENOENT");
});

test("threads that may not start and memory that runs out are said in a line", async () => {
  const permission = Number(process.versions.node.split(".")[0]) < 24 ? "--experimental-permission" : "--permission",
    grid = ["cv", "x.npy", "--model", "cp", "--rank", "0", "--half", "0,0,0", "--threads", "1"];
  const { status, stderr } = spawnSync(process.execPath, [permission, "--allow-fs-read=*", cli, ...grid], {
    ...{ cwd: folder, encoding: "utf8" },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ltrnn cv: crossValidateSteps: expected 1 threads that start, got Access to this API/m);
  expect(stderr).not.toMatch(/^\s+at /m);
  let err = "";
  const code = await runCommand(["bound", at("x.npy")], {
    out() {
      throw new RangeError("Array buffer allocation failed");
    },
    err(text) {
      err += text;
    },
  });
  expect([code, err]).toEqual([1, "ltrnn bound: expected more memory, got Array buffer allocation failed\n"]);
});
