import { writeFileSync } from "node:fs";
import * as ltrnn from "ltrnn";
import { toSvg } from "ltrnn/vega";

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

/** Draw the figures of the guides into a folder, by the library itself. */
export async function drawFigures(folder: string): Promise<void> {
  for (const [name, figure] of Object.entries(taskFigures())) {
    const svg = await toSvg(figure);
    // two decimals of a pixel are enough
    const short = svg.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
    writeFileSync(`${folder}/${name}.svg`, short);
  }
}
