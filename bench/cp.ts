/**
 * CP from each library's own start: the time until the error is within 1e-6 of what it converges to. Five of our
 * seeds; and how the time grows, as a figure.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  cpAls,
  cpAlsSweeps,
  cpToTensor,
  lineFigure,
  norm,
  random,
  tensor,
  type Line,
  type Matrix,
  type Tensor,
} from "ltrnn";
import { toSvg } from "ltrnn/vega";
import { median } from "./median";
import { Peer } from "./peer";

const noise = 0.01;

function planted(shape: readonly number[], rank: number): Tensor {
  const { normal } = random(7, "planted"),
    factors = shape.map(
      (n) =>
        tensor(
          [n, rank],
          Array.from({ length: n * rank }, () => normal()),
        ) as Matrix,
    );
  const x = cpToTensor({ weights: tensor([rank], new Array(rank).fill(1)), factors }),
    scale = (noise * norm(x)) / Math.sqrt(x.data.length);
  for (let at = 0; at < x.data.length; at++) x.data[at] += scale * normal();
  return x;
}

/** One run. @returns milliseconds to within 1e-6 of the error at its end, and that error */
function once(x: Tensor, rank: number, seed: number): { readonly ms: number; readonly value: number } {
  const begun = performance.now(),
    states: { readonly ms: number; readonly error: number }[] = [];
  for (const { relativeError } of cpAlsSweeps(x, rank, { seed }))
    states.push({ ms: performance.now() - begun, error: relativeError });
  const value = states[states.length - 1].error;
  return { ms: states.find(({ error }) => error <= value + 1e-6)!.ms, value };
}

export async function cp(): Promise<void> {
  spawnSync(process.execPath, [...process.execArgv, fileURLToPath(new URL("./cp-memory.ts", import.meta.url))], {
    stdio: "inherit",
  });
  for (const { shape, rank, targets } of [
    { shape: [200, 200, 250], rank: 5, targets: { randomized_svd: 0.25, truncated_svd: 0.03 } },
    { shape: [300, 300, 300], rank: 20, targets: { randomized_svd: 0.25, truncated_svd: 0.03 } },
    { shape: [300, 300, 500], rank: 20, targets: { randomized_svd: 0.15 } },
  ]) {
    const x = planted(shape, rank);
    once(x, rank, 9);
    const runs = [0, 1, 2, 3, 4].map((seed) => once(x, rank, seed)),
      ms = median(runs.map((run) => run.ms)),
      reached = runs.filter(({ value }) => value < 1.001 * noise).length;
    console.log(
      `${`CP, ${shape.join(" x ")}, R = ${rank}, 1 % noise`.padEnd(58)} ours ` +
        `${ms.toFixed(0).padStart(7)} ms, ${reached} of 5 seeds at the noise floor`,
    );
    for (const [svd, target] of Object.entries(targets)) {
      const peer = await Peer.start("tensorly_cp.py");
      await peer?.load("cp", { x }, { rank, svd, seed: 0 });
      const theirs = [];
      for (let round = 0; peer && round < (svd === "randomized_svd" ? 3 : 1); round++) theirs.push(await peer.run());
      peer?.stop();
      if (theirs.length > 0) {
        const peerMs = median(theirs.map((run) => run.ms));
        console.log(
          `${`  TensorLy, ${svd}`.padEnd(58)} peer ${peerMs.toFixed(0).padStart(7)} ms, ` +
            `ratio ${(ms / peerMs).toFixed(3)} (at most ${target}); its error ${theirs[0].value.toFixed(4)}`,
        );
      }
    }
  }
}

/**
 * bench-report/cp-growth.svg, and the numbers in docs/figures/data/cp-growth.json, of which the site draws its
 * figure: the time of cpAls with its default start, over the size of a
 * cube, for three ranks.
 */
export async function growth(): Promise<void> {
  const sizes = [50, 75, 100, 150, 200, 250, 300],
    lines: Line[] = [];
  for (const rank of [5, 10, 20]) {
    const times = sizes.map((n) => {
      const x = planted([n, n, n], rank);
      cpAls(x, rank, { seed: 9 });
      return median(
        [0, 1, 2].map((seed) => {
          const from = performance.now();
          cpAls(x, rank, { seed });
          return performance.now() - from;
        }),
      );
    });
    console.log(
      `rank ${String(rank).padEnd(4)} ${sizes.map((n, i) => `${n}^3: ${times[i].toFixed(0)} ms`).join(", ")}`,
    );
    lines.push({ label: `rank ${rank}`, x: sizes, y: times });
  }
  const folder = new URL("../bench-report/", import.meta.url),
    figure = lineFigure(lines, {
      title: "cpAls, planted rank, 1 % noise",
      xLabel: "size of each of three modes",
      yLabel: "milliseconds",
    });
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("cp-growth.svg", folder), await toSvg(figure));
  const rows = lines.map(({ label, y }) => ({
    rank: Number(label?.slice(5)),
    milliseconds: Array.from(y, Math.round),
  }));
  writeFileSync(new URL("cp-growth.json", folder), JSON.stringify({ command: "npm run bench -- growth", sizes, rows }));
}
