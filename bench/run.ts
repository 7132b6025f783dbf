/**
 * Ours beside the peers, medians of one run: `npm run bench`, or parts of it: `npm run bench -- kernels`, `-- training`, `-- als`, `-- overlaps`, `-- tfjs`, `-- threads`. One thread on one core each,
 * but for the last, where ours are two. Python peers run where they are found.
 */
import { spawnSync } from "node:child_process";
import { als } from "./als";
import { kernels } from "./kernels";
import { cores, pins } from "./peer";
import { measurePeak } from "./peak";
import { training } from "./training";

const parts = process.argv.slice(2), wanted = (part: string) => parts.length === 0 || parts.includes(part), rounds = 9;
const pin = (count: number) => pins && spawnSync("taskset", ["-acp", cores(count), String(process.pid)]);
pin(1);
const peak = await measurePeak();
console.log(`${pins ? "both sides on core 0" : "not pinned: taskset is not found"}; peak of SIMD128 ${peak.toFixed(1)} GFLOP/s in float32`);
if (wanted("kernels")) await kernels(rounds);
if (wanted("training")) await training(peak, rounds, 1);
if (wanted("als")) await als(peak, rounds);
if (wanted("overlaps")) await import("./overlap-dynamics");
if (wanted("tfjs")) await import("./tfjs-op");
if (wanted("threads")) {
  pin(2);
  if (pins) console.log("ours on cores 0 and 1");
  await training(peak, rounds, 2);
}
