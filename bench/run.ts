/** Ours beside the peers, one thread, medians of one run: `npm run bench`, or a part of it: `npm run bench -- kernels`, `-- training`, `-- als`, `-- overlaps`, `-- tfjs`. Python peers run where they are found. */
import { spawnSync } from "node:child_process";
import { als } from "./als";
import { kernels } from "./kernels";
import { core, pins } from "./peer";
import { measurePeak } from "./peak";
import { training } from "./training";

const parts = process.argv.slice(2), wanted = (part: string) => parts.length === 0 || parts.includes(part), rounds = 9;
if (pins) spawnSync("taskset", ["-acp", core, String(process.pid)]);
const peak = await measurePeak();
console.log(`${pins ? `both sides on core ${core}` : "not pinned: taskset is not found"}; peak of SIMD128 ${peak.toFixed(1)} GFLOP/s in float32`);
if (wanted("kernels")) await kernels(rounds);
if (wanted("training")) await training(peak, rounds);
if (wanted("als")) await als(peak, rounds);
if (wanted("overlaps")) await import("./overlap-dynamics");
if (wanted("tfjs")) await import("./tfjs-op");
