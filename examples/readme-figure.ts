/** The figure of the README: `npm run build && npx tsx examples/readme-figure.ts` draws it into docs/figures. */
import { writeFileSync } from "node:fs";
import {
  FullRankRNN,
  compareRanks,
  flipFlop,
  learningRankBound,
  learningSetupOf,
  networkObjective,
  recordWeights,
  sgd,
  singularValueFigure,
  train,
  weightChanges,
} from "ltrnn";
import { toSvg } from "ltrnn/vega";

const { batch, dt } = flipFlop({ bits: 2, trials: 20 });
const model = FullRankRNN.random({ units: 40, inputs: 2, outputs: 2, phi: "identity", gain: 0 }, 7),
  optimizer = sgd(0.3);
const run = train(networkObjective(model, batch, { dt }), { w: model.params.w }, { optimizer, steps: 100, every: 5 });
const { weights, steps } = await recordWeights(run, model),
  bound = learningRankBound(learningSetupOf(model, batch, { optimizer, snapshots: 21 }));
if (bound.status === "refused") throw new Error(bound.because);
const svg = await toSvg(singularValueFigure(compareRanks({ changes: weightChanges(weights), steps }, bound)));
writeFileSync(new URL("../docs/figures/first-result.svg", import.meta.url), svg);
