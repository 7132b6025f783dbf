/**
 * Ours beside the peers, medians of one run: `npm run bench`, or parts of it by name, such as `npm run bench --
 * kernels`:
 * kernels, training, als, cp, tensors, gcp, gcp-recovery, growth (it draws bench-report/cp-growth.svg), overlaps,
 * analysis, tfjs, threads, choose, hypotheses, planted, coverage, fit-step, loss-cost, fit-race, known-starts, paper
 * and controller-starts (where LTRNN_PAPER names folders), recorded, tasks.
 * One thread on one core each, but for threads and choose, where ours have two. Each part runs in a separate process.
 * Python peers run where they are found.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { als } from "./als";
import { choose } from "./choose";
import { cp, growth } from "./cp";
import { kernels } from "./kernels";
import { cores, pins } from "./peer";
import { measurePeak } from "./peak";
import { training } from "./training";

const rounds = 9;
const parts: Record<string, (peak: number) => Promise<unknown>> = {
  kernels: () => kernels(rounds),
  training: (peak) => training(peak, rounds, 1),
  als: (peak) => als(peak, rounds),
  cp,
  tensors: async (peak) => (await import("./tensors")).tensors(peak, rounds),
  gcp: async (peak) => (await import("./gcp")).gcp(peak, rounds),
  "gcp-recovery": async () => (await import("./gcp-recovery")).gcpRecovery(),
  growth,
  overlaps: () => import("./overlap-dynamics"),
  analysis: () => import("./analysis"),
  tfjs: () => import("./tfjs-op"),
  threads: (peak) => training(peak, rounds, 2),
  choose: () => choose(rounds),
  "choose-rank": () => import("./choose-rank"),
  hypotheses: () => import("./hypotheses"),
  planted: () => import("./planted"),
  coverage: () => import("./bootstrap-coverage"),
  "fit-step": async () => alone("fit-step", "--at-most", "2"),
  "loss-cost": () => import("./loss-cost"),
  "fit-race": () => import("./fit-race"),
  "known-starts": () => import("./known-starts"),
  paper: () => import("./paper"),
  "controller-starts": () => import("./controller-starts"),
  recorded: () => import("./recorded-changes"),
  tasks: async (peak) => (await import("./tasks")).tasks(peak, rounds),
};
/** A script that measures its own process: nothing ran in it before, and no other thread collects garbage. */
function alone(name: string, ...options: readonly string[]): void {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
    { status } = spawnSync(process.execPath, ["--single-threaded", ...process.execArgv, script, ...options], {
      stdio: "inherit",
    });
  process.exitCode = status ?? 1;
}

const wanted = process.argv.slice(2),
  unknown = wanted.find((part) => !parts[part]);
if (unknown !== undefined)
  throw new Error(`No part of the bench is named ${unknown}: take ${Object.keys(parts).join(", ")}.`);

if (wanted.length === 1) {
  const pin = (count: number) => pins && spawnSync("taskset", ["-acp", cores(count), String(process.pid)]);
  pin(1);
  const peak = await measurePeak();
  const two = wanted[0] === "threads" || wanted[0] === "choose";
  if (two) pin(2);
  const where = two ? "ours on cores 0 and 1, the peer on core 0" : "both sides on core 0";
  console.log(
    `${pins ? where : "not pinned: taskset is not found"}; ` +
      `peak of SIMD128 ${peak.toFixed(1)} GFLOP/s in float32, one core`,
  );
  await parts[wanted[0]](peak);
} else
  for (const part of wanted.length > 0 ? wanted : Object.keys(parts)) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, process.argv[1], part], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
