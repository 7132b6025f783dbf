/**
 * All tables of docs/evidence.md, or those that are named: `LTRNN_DATA=<folder> npm run evidence -- forecasts`. Each is
 * a script of its own. What was computed is kept in evidence-report/, so a run that was stopped goes on.
 */
import { spawnSync } from "node:child_process";

const tables = [
    "forecasts",
    "direction",
    "boxes",
    "trial-factors",
    "counts",
    "which-rank",
    "weights-or-inputs",
    "structure",
  ],
  wanted = process.argv.slice(2),
  unknown = wanted.find((name) => !tables.includes(name));
if (unknown !== undefined) throw new Error(`No table is named ${unknown}: take ${tables.join(", ")}.`);
for (const name of wanted.length > 0 ? wanted : tables) {
  console.log(`\n## ${name}`);
  const script = new URL(`${name}.ts`, import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, [...process.execArgv, script], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
