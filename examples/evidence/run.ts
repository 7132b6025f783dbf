/**
 * All tables of docs/evidence.md, or those that are named: `LTRNN_DATA=<folder> npm run evidence -- forecasts`. Each is
 * a script of its own, and as many run at once as LTRNN_JOBS says, default two. What was computed is kept in
 * evidence-report/, so a run that was stopped goes on. Tables go to the standard output, progress to that of errors.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { costs, printTable } from "./cells";

interface Run {
  readonly table: string;
  /** both monkeys have a run of their own; "" for a table without them */
  readonly monkey: string;
  /** processor seconds that it took before, about: the longest begins first, so that no core is idle at the end */
  readonly expected: number;
}

/** In the order in which they are printed, with what each takes on N and on J, or in all. */
const tables: Readonly<Record<string, readonly number[]>> = {
  forecasts: [220, 340],
  direction: [340, 560],
  boxes: [450, 950],
  "trial-factors": [65, 140],
  counts: [220],
  "which-rank": [300],
  "weights-or-inputs": [215],
  structure: [36],
};
const wanted = process.argv.slice(2),
  unknown = wanted.find((name) => !(name in tables));
if (unknown !== undefined) throw new Error(`No table is named ${unknown}: take ${Object.keys(tables).join(", ")}.`);
const monkeys = (process.env.LTRNN_MONKEYS ?? "N,J").split(","),
  runs = (wanted.length > 0 ? wanted : Object.keys(tables)).flatMap((table): Run[] => {
    const [ofN, ofJ] = tables[table];
    if (ofJ === undefined) return [{ table, monkey: "", expected: ofN }];
    return monkeys.map((monkey) => ({ table, monkey, expected: monkey === "J" ? ofJ : ofN }));
  });

const children = new Set<ChildProcess>(),
  begun = new Map<Run, number>(),
  finished = new Map<Run, { readonly text: string; readonly minutes: number }>(),
  jobs = Number(process.env.LTRNN_JOBS ?? 2),
  minutesSince = (time: number) => (performance.now() - time) / 60_000,
  start = performance.now();
/** those to come, the longest first */
const waiting = [...runs].sort((p, q) => q.expected - p.expected);
// what is stopped begins no more scripts, and ends when those that run have written down what they have
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    waiting.length = 0;
    for (const child of children) child.kill(signal);
  });

/** What the script of a table prints. */
function printed({ table, monkey }: Run): Promise<string> {
  const script = new URL(`${table}.ts`, import.meta.url).pathname,
    env = { ...process.env, ...(monkey ? { LTRNN_MONKEYS: monkey } : {}) },
    child = spawn(process.execPath, [...process.execArgv, script], { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  children.add(child);
  child.stdout.on("data", (part) => {
    text += part;
  });
  return new Promise((done) => {
    child.on("close", (status) => {
      children.delete(child);
      if (status !== 0) {
        process.exitCode = 1;
        text += `\n${[table, monkey].filter(Boolean).join(", ")}: the script ended with ${status}.`;
      }
      done(text);
    });
  });
}

/** Minutes that are left, if those to come go at the pace of those that have finished. */
function minutesLeft(): number {
  let [took, expected, left] = [0, 0, 0];
  for (const [run, { minutes }] of finished) {
    expected += run.expected;
    took += minutes;
  }
  const pace = expected > 0 ? took / expected : 1 / 60;
  for (const run of runs) {
    if (finished.has(run)) continue;
    const time = begun.get(run);
    left += Math.max(0, run.expected * pace - (time === undefined ? 0 : minutesSince(time)));
  }
  return left / jobs;
}

let next = 0;
/** Tables are printed in their order, each as soon as those before it are. */
function show(): void {
  for (let run = finished.get(runs[next]); run; run = finished.get(runs[++next])) {
    if (runs[next].table !== runs[next - 1]?.table) console.log(`\n## ${runs[next].table}`);
    console.log(run.text.trimEnd());
  }
}

await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      const time = performance.now();
      begun.set(run, time);
      const text = await printed(run);
      finished.set(run, { text, minutes: minutesSince(time) });
      process.stderr.write(
        `evidence: ${finished.size} of ${runs.length} scripts after ${minutesSince(start).toFixed(1)} minutes, about ` +
          `${minutesLeft().toFixed(0)} left\n`,
      );
      show();
    }
  }),
);

if (existsSync(costs)) {
  const seconds = new Map<string, number>();
  for (const line of readFileSync(costs, "utf8").trim().split("\n")) {
    const { table, monkey = "", seconds: taken } = JSON.parse(line),
      name = table in tables && tables[table].length > 1 ? `${table}, ${monkey || "N,J"}` : table;
    seconds.set(name, (seconds.get(name) ?? 0) + taken);
  }
  const all = [...seconds.values()].reduce((sum, taken) => sum + taken, 0);
  console.log("\n## What all runs that filled this folder took\n");
  printTable(
    ["table", "processor seconds"],
    [...[...seconds].map(([table, taken]) => [table, taken.toFixed(0)]), ["all", all.toFixed(0)]],
  );
}
