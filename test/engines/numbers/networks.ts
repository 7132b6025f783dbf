import type { Library, Results } from "../public-numbers";
import { drawing, maskOf } from "./data";

/** Networks with constraints, custom activations, and time constants of their units. */
export async function networks(ltrnn: Library): Promise<Results> {
  const draw = drawing(ltrnn),
    batch = { inputs: draw("network inputs", [5, 9, 2]), targets: draw("network targets", [5, 9, 3]) },
    tau = ltrnn.tensor([4], [0.5, 1, 2, 0.7]),
    softsign = {
      name: "softsign",
      value: (x: number) => x / (1 + Math.abs(x)),
      derivative: (x: number) => 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x))),
    };
  const drawn = ltrnn.FullRankRNN.random({ units: 4, inputs: 2, outputs: 3, tau, phi: softsign }, 1),
    signs = [1, -1, 1, -1],
    dale = ltrnn.daleWeights({ signs, mask: maskOf(ltrnn, [4, 4], 3) }),
    smooth = ltrnn.daleWeights({ signs, magnitude: "softplus" }),
    masked = ltrnn.maskedWeights({ mask: maskOf(ltrnn, [3, 4], 2), fixed: draw("fixed", [3, 4]) });
  const model = drawn.with({
      params: { w: dale({ free: drawn.params.w })[0], readout: masked({ free: draw("readout", [3, 4]) })[0] },
    }),
    objective = ltrnn.reparametrized(ltrnn.networkObjective(model, batch, { integrator: "heun" }), {
      w: dale,
      readout: masked,
    });
  const start = objective.start(ltrnn.trainedParams(model, { frozen: ["x0"] })),
    end = await ltrnn.last(ltrnn.train(objective, start, { optimizer: ltrnn.sgd(0.1), steps: 5 })),
    size = draw("weights", [4, 4]);
  const plain = ltrnn.FullRankRNN.random({ units: 4, inputs: 2, outputs: 3 }, 2),
    cp = { weights: draw("lambda", [2]), factors: [draw("a", [4, 2]), draw("b", [4, 2]), draw("c", [3, 2])] },
    found = ltrnn.LowTensorRankRNN.fromCp(plain, cp, { of: "changes" });
  const starts = (["random", "orthogonal", "identity", "zero"] as const).flatMap((initialization) => [
    ltrnn.FullRankRNN.random({ units: 4, inputs: 2, initialization }, 3).params,
    ltrnn.LowTensorRankRNN.random({ units: 4, inputs: 2, rank: 2, trials: 3, initialization }, 3).params,
  ]);
  return {
    initializations: starts,
    fromFullRank: ltrnn.LowRankRNN.fromFullRank(plain, 2).params,
    trialLosses: [ltrnn.trialLosses(found, batch).losses, found.params],
    daleWeights: [dale.start(model.params.w), smooth({ free: size }), smooth({ free: size })[1](size)],
    maskedWeights: masked.start(model.params.readout as never),
    trainedParams: ltrnn.trainedParams(model),
    reparametrized: [end.params, objective.paramsOf(end.params), end.loss],
    "a custom activation": ltrnn.simulate(model, batch.inputs, { noise: { sigma: 0.1, seed: 1 } }),
    "time constants of units": ltrnn.backpropagate(model.with({ phi: "softplus" }), batch),
  };
}
