/**
 * Held-out error against CPU seconds, ours and the paper's code on the same recordings, masks and model: a network with
 * learned inputs by a controller, inside the span of the column factors, and an orthogonal decoder. Theirs is run by
 * bench/peers/paper_fit.py, which writes a folder for each recording: `npm run bench -- paper` reads the folders that
 * LTRNN_PAPER names, separated by commas, and fails where ours needs more than 1 % of their time to their lowest error.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { lbfgs, lineFigure, scaleByCurvature, type Line } from "ltrnn";
import { toSvg } from "ltrnn/vega";
import { curveOf, lowestOf, type Curve } from "./paper-recording";

/** The lowest error up to every point. */
const linesOf = (label: string, curve: Curve, dashed = false): Line => {
  let least = Number.POSITIVE_INFINITY;
  const lowest = curve.map(([, error]) => {
    least = Math.min(least, error);
    return least;
  });
  return { label, x: curve.map(([at]) => Math.log10(at)), y: lowest, dashed };
};

const atMost = 0.01,
  seeds = [1, 2, 3],
  lines: Line[] = [];
console.log(
  "| recording | their lowest error | after | iterations | seed | ours there after | share | our lowest | after |\n" +
    "|---|---|---|---|---|---|---|---|---|",
);
for (const folder of (process.env.LTRNN_PAPER ?? "").split(",").filter(Boolean)) {
  const theirs: Curve = JSON.parse(readFileSync(join(folder, "paper.json"), "utf8")).curve,
    name = basename(folder),
    their = lowestOf(theirs),
    theirCells = [their[1].toFixed(4), `${their[0].toFixed(0)} s`, `${theirs.indexOf(their) + 1} of ${theirs.length}`];
  lines.push(linesOf(`${name}, the paper's code`, theirs, true));
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
    if (seed === seeds[0]) lines.push(linesOf(`${name}, ltrnn`, mine));
  }
}
mkdirSync("bench-report", { recursive: true });
writeFileSync(
  "bench-report/paper.svg",
  await toSvg(
    lineFigure(lines, {
      title: "Held-out error, as a share of variance",
      xLabel: "log10 of CPU seconds",
      yLabel: "error",
    }),
  ),
);
