import type { Library, Results } from "../public-numbers";
import { drawing } from "./data";

/** Learning rules, mini-batches with noise drawn anew, and the best parameters of a run. */
export async function ruled(ltrnn: Library): Promise<Results> {
  const draw = drawing(ltrnn),
    model = ltrnn.FullRankRNN.random({ units: 7, inputs: 2, outputs: 2 }, 5),
    batch = { inputs: draw("inputs", [5, 9, 2]), targets: draw("targets", [5, 9, 2]) };
  const rules = {
    rflo: ltrnn.rflo({ seed: 3 }),
    eProp: ltrnn.eProp(),
    feedbackAlignment: ltrnn.feedbackAlignment({ scale: 2 }),
    truncatedBptt: ltrnn.truncatedBptt({ window: 4, every: 3 }),
    nodePerturbation: ltrnn.nodePerturbation({ draws: 2 }),
    rewardHebb: ltrnn.rewardHebb({ rate: 2 }),
  };
  const trials = ltrnn.miniBatches(model, batch, { size: 2, seed: 4 }),
    noise = { sigma: 0.1, seed: 6 };
  const results: Results = { miniBatches: [0, 1, 2, 3].map(trials) };
  for (const [name, rule] of Object.entries(rules))
    results[`ruleObjective, ${name}`] = await ltrnn.last(
      ltrnn.train(ltrnn.ruleObjective(model, trials, rule, { dt: 0.2, noise }), { w: model.params.w }, { steps: 7 }),
    );
  const objective = ltrnn.networkObjective(model, trials, { noise });
  results["trained, the best kept"] = await ltrnn.last(
    ltrnn.train(objective, { ...model.params }, { optimizer: ltrnn.adamW(0.01), steps: 9, best: { by: "training" } }),
  );
  return results;
}
