import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toJson } from "../../src/data";
import { crossValidate, crossValidateSteps, type CrossValidation, type Grid } from "../../src/select";
import { builtEntries } from "../support/built";
import { draw } from "../support/sweep";

const missing = spawnSync("redis-server", ["--version"]).error !== undefined;
if (missing) console.log("redis-server is not found: grids through a queue are left out");

let entries: Awaited<ReturnType<typeof builtEntries>>, bullmq: typeof import("../../src/bullmq");
const children: ChildProcess[] = [],
  folder = mkdtempSync(join(tmpdir(), "ltrnn-redis-"));
beforeAll(async () => {
  entries = await builtEntries();
  bullmq = await import(/* @vite-ignore */ pathToFileURL(join(entries.folder, "bullmq.js")).href);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  entries?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Start a process, and wait until it prints a word. */
function started(command: string, args: readonly string[], word: string): Promise<ChildProcess> {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (text) => {
      said += text;
      if (said.includes(word)) resolve(child);
    });
    child.once("exit", () => reject(new Error(`${command} ended: ${said}`)));
  });
}

/** A Redis that keeps nothing on disk, on a port of its own. */
async function redisServer(at?: number): Promise<number> {
  const port = at ?? (await freePort()),
    args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  await started("redis-server", args, "Ready to accept");
  return port;
}

const x = draw(1).normal([8, 7, 6]),
  grid: Grid = { model: "cp", axes: { rank: [0, 1, 2, 3], seed: [0, 1, 2] }, options: { sweeps: 60, tolerance: 0 } },
  options = { folds: 3, boxes: { half: [0, 0, 0] } };

test.skipIf(missing)(
  "two workers on a queue in Redis, one killed in the middle: no cell is " +
    "lost, and rows are those of one process to the bit",
  async () => {
    const port = await redisServer(),
      connection = { host: "127.0.0.1", port };
    const script = join(entries.folder, "worker.mjs");
    writeFileSync(
      script,
      `import { bullmqWorker } from "./bullmq.js";
await bullmqWorker({ connection: ${JSON.stringify(connection)}, patience: 1000 });
console.log("listening");`,
    );
    const workers = await Promise.all([started("node", [script], "listening"), started("node", [script], "listening")]);
    const redis = new Redis(port, { lazyConnect: false }),
      keysOf = async () => (await redis.keys("*")).filter((key) => /:data:|:\w+-\d+$/.test(key));
    const executor = bullmq.bullmqExecutor({ connection, inFlight: 12 });
    let kept: readonly string[] = [];
    let end: CrossValidation | undefined;
    for await (const step of crossValidateSteps(x, grid, { ...options, executor })) {
      end = step;
      if (step.done === 6) {
        kept = await keysOf();
        workers[0].kill("SIGKILL");
      }
    }
    const here = await crossValidate(x, grid, options);
    expect(end?.status).toBe("converged");
    expect(end?.rows.map(toJson)).toEqual(here.rows.map(toJson));
    expect(workers[0].killed).toBe(true);
    // the data, the grids that hold them, and jobs were there, and are gone
    const held = kept.filter((key) => key.includes(":data:")).sort();
    expect(held).toHaveLength(2);
    expect(held[1]).toBe(`${held[0]}:grids`);
    expect(kept.length).toBeGreaterThan(2);
    expect(await keysOf()).toEqual([]);
    // of two grids on the same data the one that ends leaves them to the other; what a killed one left expires
    const run = (seed: number[]) =>
      crossValidateSteps(x, { ...grid, axes: { rank: [1], seed } }, { ...options, executor });
    const long = run([0, 1, 2, 3]);
    await long.next();
    for await (const step of run([7])) end = step;
    expect(end).toMatchObject({ status: "converged", done: 3 });
    expect((await keysOf()).filter((key) => key.includes(":data:"))).toHaveLength(2);
    expect(await redis.pttl(held[0])).toBeGreaterThan(80_000_000);
    await long.return(undefined as never);
    expect(await keysOf()).toEqual([]);
    await redis.set(held[0], "left behind");
    await bullmq.emptyQueue({ connection });
    expect(await redis.keys("ltrnn:ltrnn:*")).toEqual([]);
    redis.disconnect();
  },
  30_000,
);

test.skipIf(missing)(
  "Redis that dies and comes back without what was in it gets data and cells again",
  async () => {
    const port = await redisServer(),
      server = children.at(-1) as ChildProcess,
      connection = { host: "127.0.0.1", port },
      worker = await bullmq.bullmqWorker({ connection });
    try {
      let end: CrossValidation | undefined;
      const executor = bullmq.bullmqExecutor({ connection, inFlight: 4 });
      for await (const step of crossValidateSteps(x, grid, { ...options, executor })) {
        end = step;
        if (step.done !== 3) continue;
        const gone = new Promise((resolve) => server.once("exit", resolve));
        server.kill("SIGKILL");
        await gone;
        await redisServer(port);
      }
      expect(end?.rows.map(toJson)).toEqual((await crossValidate(x, grid, options)).rows.map(toJson));
    } finally {
      await worker.close();
    }
  },
  30_000,
);

test.skipIf(missing)(
  "Redis that dies while cells are added loses none, also where a worker is there before the data",
  async () => {
    const here = (await crossValidate(x, grid, options)).rows.map(toJson);
    for (const cells of [1, 18]) {
      const port = await redisServer(),
        server = children.at(-1) as ChildProcess,
        connection = { host: "127.0.0.1", port },
        there = crossValidate(x, grid, { ...options, executor: bullmq.bullmqExecutor({ connection }) }),
        redis = new Redis(port);
      redis.on("error", () => {});
      while ((await redis.llen("ltrnn:ltrnn:wait")) < cells) await new Promise((resume) => setTimeout(resume, 1));
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGKILL");
      await gone;
      redis.disconnect();
      await redisServer(port);
      const worker = await bullmq.bullmqWorker({ connection });
      try {
        expect((await there).rows.map(toJson)).toEqual(here);
      } finally {
        await worker.close();
      }
    }
  },
  30_000,
);

test.skipIf(missing)("what a worker of another kind gives makes a failed row, whatever it is", async () => {
  const connection = { host: "127.0.0.1", port: await redisServer() },
    given = ["not JSON {", 3, null, toJson({ cell: 0 })],
    others = new Worker("ltrnn", () => Promise.resolve(given.pop()), { connection, prefix: "ltrnn" });
  try {
    const executor = bullmq.bullmqExecutor({ connection, inFlight: 1 }),
      four: Grid = { model: "cp", axes: { rank: [0, 1, 2, 3] } },
      { rows } = await crossValidate(x, four, { ...options, folds: 1, executor });
    for (const { status, reason, facts } of rows)
      expect([status, reason, facts.lost]).toEqual(["failed", expect.stringMatching(/^its worker gave .* row$/), true]);
  } finally {
    await others.close();
  }
});

test.skipIf(missing)("a worker ends a cell that takes longer than its limit, says so, and goes on", async () => {
  const connection = { host: "127.0.0.1", port: await redisServer() },
    module = join(folder, "endless.mjs");
  writeFileSync(
    module,
    `const fit = (data, { axes }) => {
  if (axes.rank === 2) for (;;); // never gives its thread back
  return { prediction: data, status: "converged", score: "energy" };
};
export const candidates = { sometimes: { axes: ["rank"], fit } };`,
  );
  const worker = await bullmq.bullmqWorker({ connection, module: pathToFileURL(module).href, limit: 0.9 });
  try {
    const executor = bullmq.bullmqExecutor({ connection, models: ["sometimes"] }),
      sometimes: Grid = { model: "sometimes", axes: { rank: [1, 2, 3] } },
      { rows, status } = await crossValidate(x, sometimes, { ...options, folds: 1, executor });
    expect(status).toBe("converged");
    expect(rows.map(({ status, reason }) => [status, reason])).toEqual([
      ["converged", null],
      ["failed", "it took longer than 0.9 s, the limit of a cell"],
      ["converged", null],
    ]);
  } finally {
    await worker.close();
  }
});

test("a queue that is not there is refused by executor and worker", async () => {
  const connection = { host: "127.0.0.1", port: await freePort() };
  await expect(crossValidate(x, grid, { ...options, executor: bullmq.bullmqExecutor({ connection }) })).rejects.toThrow(
    "expected a Redis server that answers, got",
  );
  await expect(bullmq.bullmqWorker({ connection })).rejects.toThrow(
    "bullmqWorker: expected a Redis server that answers",
  );
  await expect(bullmq.emptyQueue({ connection })).rejects.toThrow("emptyQueue: expected a Redis server that answers");
  expect(() => bullmq.bullmqExecutor({ connection: 6379 as never })).toThrow("bullmqExecutor: expected connection");
});
