import { readFileSync, writeFileSync } from "node:fs";
import * as ltrnn from "ltrnn";
import { toSvg } from "ltrnn/vega";
import { cases } from "../../test/figures/cases";
import { short } from "./short-svg";

const seed = 1;

/** One trial of each task, for docs/tasks.md. */
const taskFigures = (): Record<string, ltrnn.Figure> => {
  const tasks = {
    flipFlop: ltrnn.flipFlop({ seed }),
    perceptualDecision: ltrnn.perceptualDecision({ seed }),
    contextIntegration: ltrnn.contextIntegration({ seed }),
    parametricWorkingMemory: ltrnn.parametricWorkingMemory({ seed }),
    delayedMatch: ltrnn.delayedMatch({ seed }),
    goNoGo: ltrnn.goNoGo({ seed }),
    sineWave: ltrnn.sineWave(),
    linearTeacher: ltrnn.linearTeacher({ seed }),
    reaching: ltrnn.reaching(),
  };
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [`task-${name}`, ltrnn.taskTrialFigure(task, 0, { title: name })]),
  );
};

/** Some of the cases of the tests, for docs/figures.md. */
const caseFigures = (): Record<string, ltrnn.Figure> =>
  Object.fromEntries(
    ["components", "rankScore", "trialFactors"].map((name) => [`figure-${name}`, cases[name]({ width: 760 })]),
  );

const measured = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../figures/data/${name}.json`, import.meta.url), "utf8")) as T;

/** Figures of what was measured, from the numbers that the bench left. */
function measuredFigures(): Record<string, ltrnn.Figure> {
  const growth = measured<{ sizes: number[]; rows: { rank: number; milliseconds: number[] }[] }>("cp-growth"),
    paper = measured<{ curves: { label: string; seconds: number[]; error: number[] }[] }>("fit-paper");
  return {
    "cp-growth": ltrnn.lineFigure(
      growth.rows.map(({ rank, milliseconds }) => ({ label: `rank ${rank}`, x: growth.sizes, y: milliseconds })),
      {
        title: "Time of cpAls, planted rank, 1 % noise",
        xLabel: "size of each of three modes",
        yLabel: "time (ms)",
        width: 560,
      },
    ),
    "fit-paper": ltrnn.lineFigure(
      paper.curves.map(({ label, seconds, error }) => ({
        label,
        x: seconds.map(Math.log10),
        y: error,
        dashed: !label.endsWith("ltrnn"),
      })),
      {
        title: "Held-out error over CPU time",
        xLabel: "log10 of CPU time (s)",
        yLabel: "error (share of variance)",
        logY: true,
        width: 640,
      },
    ),
  };
}

/** Draw the figures of the guides into a folder, by the library itself. */
export async function drawFigures(folder: string): Promise<void> {
  for (const [name, figure] of Object.entries({ ...taskFigures(), ...measuredFigures(), ...caseFigures() })) {
    writeFileSync(`${folder}/${name}.svg`, short(await toSvg(figure)));
  }
  await import("../../examples/readme-figure"); // draws first-result.svg
}
