/**
 * One trial of each task, for docs/tasks.md: `npm run build && npx tsx examples/task-figures.ts` draws them into
 * docs/figures.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import {
  contextIntegration,
  delayedMatch,
  flipFlop,
  goNoGo,
  linearTeacher,
  parametricWorkingMemory,
  perceptualDecision,
  reaching,
  sineWave,
  taskTrialFigure,
} from "ltrnn";
import { toSvg } from "ltrnn/vega";

const seed = 1,
  tasks = {
    flipFlop: flipFlop({ seed }),
    perceptualDecision: perceptualDecision({ seed }),
    contextIntegration: contextIntegration({ seed }),
    parametricWorkingMemory: parametricWorkingMemory({ seed }),
    delayedMatch: delayedMatch({ seed }),
    goNoGo: goNoGo({ seed }),
    sineWave: sineWave(),
    linearTeacher: linearTeacher({ seed }),
    reaching: reaching(),
  };
const folder = new URL("../docs/figures/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, task] of Object.entries(tasks)) {
  const svg = await toSvg(taskTrialFigure(task, 0, { title: name }));
  // two decimals of a pixel are enough
  writeFileSync(
    new URL(`task-${name}.svg`, folder),
    svg.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}
