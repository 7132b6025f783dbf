/**
 * All tables of docs/evidence.md, or those that are named: `LTRNN_DATA=<folder> npm run evidence -- forecasts`. Each is
 * a script of its own, and as many run at once as LTRNN_JOBS says, default two. What was computed is kept in
 * evidence-report/, so a run that was stopped goes on.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { costs, printTable } from "./cells";

/** in the order they are begun: the longest first, so that none is left alone at the end */
const tables = [
    "forecasts",
    "boxes",
    "direction",
    "trial-factors",
    "weights-or-inputs",
    "which-rank",
    "counts",
    "structure",
  ],
  bothMonkeys = ["forecasts", "boxes", "direction", "trial-factors"],
  wanted = process.argv.slice(2),
  unknown = wanted.find((name) => !tables.includes(name));
if (unknown !== undefined) throw new Error(`No table is named ${unknown}: take ${tables.join(", ")}.`);
const monkeys = (process.env.LTRNN_MONKEYS ?? "N,J").split(","),
  runs = (wanted.length > 0 ? wanted : tables).flatMap((table): { table: string; monkey: string | undefined }[] =>
    bothMonkeys.includes(table) ? monkeys.map((monkey) => ({ table, monkey })) : [{ table, monkey: undefined }],
  );

/** What the script of a table prints. */
function printed({ table, monkey }: (typeof runs)[number]): Promise<string> {
  const script = new URL(`${table}.ts`, import.meta.url).pathname,
    env = { ...process.env, ...(monkey ? { LTRNN_MONKEYS: monkey } : {}) },
    child = spawn(process.execPath, [...process.execArgv, script], { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (part) => {
    text += part;
  });
  return new Promise((done) => {
    child.on("close", (status) => {
      if (status !== 0) process.exitCode = 1;
      done(text);
    });
  });
}

const waiting = [...runs],
  texts: string[] = [];
let next = 0;
/** Tables are printed in their order, each as soon as those before it are. */
function show(): void {
  for (; next < runs.length && texts[next] !== undefined; next++) {
    if (runs[next].table !== runs[next - 1]?.table) console.log(`\n## ${runs[next].table}`);
    console.log(texts[next].trimEnd());
  }
}
await Promise.all(
  Array.from({ length: Number(process.env.LTRNN_JOBS ?? 2) }, async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      texts[runs.indexOf(run)] = await printed(run);
      show();
    }
  }),
);

if (existsSync(costs)) {
  const seconds = new Map<string, number>();
  for (const line of readFileSync(costs, "utf8").trim().split("\n")) {
    const { table, seconds: taken } = JSON.parse(line);
    seconds.set(table, (seconds.get(table) ?? 0) + taken);
  }
  const all = [...seconds.values()].reduce((sum, taken) => sum + taken, 0);
  console.log("\n## What all runs that filled this folder took\n");
  printTable(
    ["table", "processor seconds"],
    [...[...seconds].map(([table, taken]) => [table, taken.toFixed(0)]), ["all", all.toFixed(0)]],
  );
}
