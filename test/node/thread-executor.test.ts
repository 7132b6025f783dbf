import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { toJson } from "../../src/data";
import { fileJournal } from "../../src/node";
import {
  crossValidate,
  crossValidateSteps,
  inProcess,
  memoryJournal,
  type CrossValidation,
  type Executor,
  type Grid,
} from "../../src/select";
import { builtEntries } from "../support/built";
import { draw } from "../support/sweep";

let entries: Awaited<ReturnType<typeof builtEntries>>, node: typeof import("../../src/node");
const folder = mkdtempSync(join(tmpdir(), "ltrnn-grid-"));
beforeAll(async () => {
  entries = await builtEntries();
  node = await import(/* @vite-ignore */ pathToFileURL(join(entries.folder, "node.js")).href);
});
afterAll(() => {
  entries?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const x = draw(1).normal([8, 7, 6]),
  grid: Grid = { model: "cp", axes: { rank: [0, 1, 2], seed: [0, 1] }, options: { sweeps: 30 } },
  options = { folds: 2, boxes: { half: [0, 0, 0] } };

test(
  "threads give the rows of one process to the bit; one that ends " + "makes a failed row, and the pool goes on",
  async () => {
    const file = join(folder, "candidates.mjs");
    writeFileSync(
      file,
      `const fit = (data, { axes }) => {
  if (axes.rank === 3) process.exit(3);
  if (axes.rank === 2) {
    setTimeout(() => { throw new Error("nobody catches this"); });
    return new Promise(() => {});
  }
  return { prediction: data, status: "converged", score: "energy" };
};
const slow = () => { for (;;); };
export const candidates = { deadly: { axes: ["rank"], fit }, endless: { axes: [], fit: slow } };`,
    );
    const executor = node.threadExecutor({ threads: 2, module: pathToFileURL(file).href, models: ["deadly"] });
    try {
      const here = await crossValidate(x, grid, options),
        there = await crossValidate(x, grid, { ...options, executor });
      expect(toJson(there.rows)).toBe(toJson(here.rows));
      const deadly: Grid = { model: "deadly", axes: { rank: [1, 2, 3] } },
        journal = memoryJournal(),
        { rows } = await crossValidate(x, deadly, { ...options, executor, journal });
      expect(rows.map(({ status }) => status)).toEqual([
        "converged",
        "failed",
        "failed",
        "converged",
        "failed",
        "failed",
      ]);
      expect(rows[1].reason).toBe("its thread ended: nobody catches this");
      expect(rows[2].reason).toBe("a candidate called process.exit(3)");
      // a lost thread is of this machine: the grid that goes on tries again, what the candidate threw it knows
      expect(rows.map(({ facts }) => facts.lost === true)).toEqual([false, true, false, false, true, false]);
      const healthy: Executor = {
        models: ["deadly"],
        async *run(jobs) {
          for (const { cell } of jobs) yield { ...rows[cell - 1], cell, axes: { rank: 2 } };
        },
      };
      const again = await crossValidate(x, deadly, { ...options, executor: healthy, journal });
      expect([again.resumed, again.rows.map(({ status }) => status)]).toEqual([
        4,
        ["converged", "converged", "failed", "converged", "converged", "failed"],
      ]);
      const limited = node.threadExecutor({
        ...{ threads: 1, limit: 0.9, module: pathToFileURL(file).href, models: ["deadly", "endless"] },
      });
      const late = await crossValidate(x, [{ model: "endless" }, { model: "deadly", axes: { rank: [1] } }], {
        ...options,
        folds: 1,
        executor: limited,
      }).finally(() => limited.close());
      expect(late.rows.map(({ status, reason }) => [status, reason])).toEqual([
        ["failed", "it took longer than 0.9 s, the limit of a cell"],
        ["converged", null],
      ]);
      const stop = new AbortController();
      let end: CrossValidation | undefined;
      for await (const step of crossValidateSteps(x, grid, { ...options, executor, signal: stop.signal })) {
        end = step;
        if (step.done === 3) stop.abort();
      }
      expect(end?.status).toBe("aborted");
      expect(end?.rows.every((row) => toJson(row) === toJson(here.rows[row.cell]))).toBe(true);
    } finally {
      await executor.close();
    }
    expect(() => node.threadExecutor({ models: ["deadly"] })).toThrow("threadExecutor: expected a module");
    expect(() => node.threadExecutor({ threads: 0 })).toThrow("threadExecutor: expected threads");
    expect(() => node.threadExecutor({ limit: 0 })).toThrow("threadExecutor: expected limit");
  },
);

test("a thread that ends between cells, by a timer that a candidate left, is replaced", async () => {
  const file = join(folder, "late.mjs"),
    ended = join(folder, "ended");
  writeFileSync(
    file,
    `import { writeFileSync } from "node:fs";
const fit = (data) => {
  process.once("exit", () => writeFileSync(${JSON.stringify(ended)}, ""));
  setTimeout(() => { throw new Error("after its row"); }, 200);
  return { prediction: data, status: "converged", score: "energy" };
};
export const candidates = { late: { axes: [], fit } };`,
  );
  const wait = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds));
  vi.stubEnv("PISCINA_DISABLE_ATOMICS", "1"); // as in Deno: a thread that waits by atomics runs no timers
  const executor = node.threadExecutor({ threads: 1, module: pathToFileURL(file).href, models: ["late"] });
  try {
    for (const round of [1, 2, 3]) {
      const { rows } = await crossValidate(x, { model: "late" }, { ...options, folds: 1, executor });
      expect([round, rows.map(({ status }) => status)]).toEqual([round, ["converged"]]);
      while (!existsSync(ended)) await wait(10);
      rmSync(ended);
      await wait(100); // its error comes to the pool
    }
  } finally {
    vi.unstubAllEnvs();
    await executor.close();
  }
});

test("a journal in a file: a grid that was stopped goes on after a torn line", async () => {
  const path = join(folder, "grid.journal"),
    whole = await crossValidate(x, grid, { ...options, journal: fileJournal(path) });
  truncateSync(path, Math.floor(readFileSync(path).length / 2));
  const again = await crossValidate(x, grid, { ...options, executor: inProcess(), journal: fileJournal(path) });
  expect(again.resumed).toBeGreaterThan(2);
  expect([again.dropped, again.resumed < 12]).toEqual([1, true]);
  expect(toJson(again.rows)).toBe(toJson(whole.rows));
  const third = await crossValidate(x, grid, { ...options, journal: fileJournal(path) });
  expect([third.resumed, third.dropped]).toEqual([12, 1]);
  await expect(crossValidate(x, grid, { ...options, journal: fileJournal(folder) })).rejects.toThrow(
    "that can be read and written",
  );
  if (existsSync("/dev/full"))
    await expect(crossValidate(x, grid, { ...options, journal: fileJournal("/dev/full") })).rejects.toThrow(
      "got a folder, a device or a pipe",
    );
  expect(() => fileJournal("")).toThrow("fileJournal: expected the path of a file");
});

test("threads start in a program that is given as text", () => {
  const at = (name: string) => JSON.stringify(pathToFileURL(join(entries.folder, name)).href);
  const program = `
    import { crossValidate, random, tensor } from ${at("index.js")};
    import { threadExecutor } from ${at("node.js")};
    const x = tensor([6, 5, 4], Array.from({ length: 120 }, random(1, "text").normal));
    const executor = threadExecutor({ threads: 1 });
    const grid = { model: "cp", axes: { rank: [1] }, options: { sweeps: 2 } };
    const { rows } = await crossValidate(x, grid, { folds: 1, boxes: { half: [0, 0, 0] }, executor });
    await executor.close();
    console.log(rows[0].status);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(stderr + stdout).toBe("exhausted\n");
});
