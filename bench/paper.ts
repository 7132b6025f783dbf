/**
 * Held-out error against CPU seconds, ours and the paper's code on the same recordings, masks and model: a network with
 * learned inputs by a controller, inside the span of the column factors, and an orthogonal decoder. Theirs is run by
 * bench/peers/paper_fit.py, which writes a folder for each recording: `npm run bench -- paper` reads the folders that
 * LTRNN_PAPER names, separated by commas, and fails where ours needs more than 1 % of their time to their lowest error.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { lbfgs, scaleByCurvature } from "ltrnn";
import { curveOf, lowestOf, type Curve } from "./paper-recording";

/** The lowest error up to points a tenth of an octave or more apart, and the last. */
function drawn(label: string, curve: Curve) {
  let least = Number.POSITIVE_INFINITY;
  const seconds: number[] = [],
    error: number[] = [];
  curve.forEach(([at, here], i) => {
    least = Math.min(least, here);
    if (i < curve.length - 1 && at < 1.07 * (seconds.at(-1) ?? 0)) return;
    seconds.push(Number(at.toPrecision(3)));
    error.push(Number(least.toPrecision(3)));
  });
  return { label, seconds, error };
}

const atMost = 0.01,
  seeds = [1, 2, 3],
  curves: ReturnType<typeof drawn>[] = [];
console.log(
  "| recording | their lowest error | after | iterations | seed | ours there after | share | our lowest | after |\n" +
    "|---|---|---|---|---|---|---|---|---|",
);
for (const folder of (process.env.LTRNN_PAPER ?? "").split(",").filter(Boolean)) {
  const theirs: Curve = JSON.parse(readFileSync(join(folder, "paper.json"), "utf8")).curve,
    name = basename(folder),
    their = lowestOf(theirs),
    theirCells = [their[1].toFixed(4), `${their[0].toFixed(0)} s`, `${theirs.indexOf(their) + 1} of ${theirs.length}`];
  curves.push(drawn(`${name}, the paper's code`, theirs));
  for (const seed of seeds) {
    const mine = await curveOf(folder, scaleByCurvature(lbfgs({ memory: 20 })), seed, { steps: 150 }),
      own = lowestOf(mine),
      after = mine.find(([, error]) => error <= their[1])?.[0] ?? Number.POSITIVE_INFINITY,
      share = after / their[0];
    if (!(share <= atMost)) process.exitCode = 1;
    const ourCells = [
      `${after.toFixed(1)} s`,
      `${(100 * share).toFixed(2)} %`,
      own[1].toFixed(4),
      `${own[0].toFixed(1)} s`,
    ];
    console.log(`| ${[name, ...theirCells, seed, ...ourCells].join(" | ")} |`);
    if (seed === seeds[0]) curves.push(drawn(`${name}, ltrnn`, mine));
  }
}
mkdirSync("bench-report", { recursive: true });
writeFileSync(
  "bench-report/fit-paper.json", // docs/figures/data keeps it, and the site draws it
  `${JSON.stringify({ command: "LTRNN_PAPER=planted,monkey-N npm run bench -- paper", curves }, null, 2)}\n`,
);
