import type { Library, Results } from "../public-numbers";
import { drawing, maskOf } from "./data";

const activations = ["tanh", "relu", "softplus", "identity"] as const;
const integrators = ["euler", "heun"] as const;

/** Runs of networks, their losses and gradients. */
export function simulated(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    trials = 21,
    inputs = draw("inputs", [trials, 12, 2], 2);
  const results: Results = {};
  for (const phi of activations)
    for (const integrator of integrators) {
      const model = ltrnn.LowTensorRankRNN.random({ units: 9, inputs: 2, outputs: 3, rank: 2, trials, phi }, 5);
      results[`simulate, ${phi}, ${integrator}`] = ltrnn.simulate(model, inputs, {
        dt: 0.2,
        integrator,
        noise: { sigma: 0.1, seed: 2 },
      });
    }
  return { ...results, ...gradients(ltrnn, trials), ...larger(ltrnn) };
}

/** Sizes that fill the kernels' blocks and leave rows over. */
function larger(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    inputs = draw("many inputs", [11, 23, 13]),
    targets = draw("many targets", [11, 23, 19]),
    model = ltrnn.LowTensorRankRNN.random({ units: 67, inputs: 13, outputs: 19, rank: 7, trials: 11, gain: 1.5 }, 6),
    dense = ltrnn.FullRankRNN.random({ units: 41, inputs: 13, outputs: 19, gain: 1.5 }, 7);
  return {
    "simulate, larger": [ltrnn.simulate(model, inputs).outputs, ltrnn.simulate(dense, inputs).outputs],
    "gradient, larger": [
      ltrnn.lossAndGradient(model, { inputs, targets }),
      ltrnn.lossAndGradient(dense, { inputs, targets }, { integrator: "heun" }),
    ],
  };
}

function gradients(ltrnn: Library, trials: number): Results {
  const draw = drawing(ltrnn),
    shape = [trials, 12, 3] as const,
    inputs = draw("gradient inputs", [trials, 12, 2]),
    targets = draw("targets", shape),
    counts = ltrnn.tensor(
      shape,
      targets.data.map((value) => Math.floor(Math.abs(2 * value))),
    );
  const spec = { units: 9, inputs: 2, outputs: 3, tau: 2 };
  const models = {
    "full rank": ltrnn.FullRankRNN.random({ ...spec, reads: "states" }, 1),
    "low rank": ltrnn.LowRankRNN.random({ ...spec, rank: 2, phi: "softplus" }, 2),
    "low tensor rank": ltrnn.LowTensorRankRNN.random({ ...spec, rank: 2, trials }, 3),
  };
  const losses = {
    "squared error": ltrnn.meanSquaredError,
    "Poisson, softplus": ltrnn.poissonLoss({ binWidth: 0.05, gain: 3 }),
    "Poisson, exp": ltrnn.poissonLoss({ link: "exp" }),
    "negative binomial": ltrnn.negativeBinomialLoss({ dispersion: 0.4, binWidth: 0.05 }),
    "negative binomial, learned": ltrnn.negativeBinomialLoss({ dispersion: "neuron", logDispersion: [-2, 0, 1] }),
    "Poisson, made again": ltrnn.lossFrom(ltrnn.poissonLoss({ binWidth: 0.05, gain: 3 }).description),
    "with a head": ltrnn.headLoss(doubling(ltrnn)),
  };
  const results: Results = {
    expectedTargets: ltrnn.expectedTargets(draw("outputs", shape), losses["Poisson, softplus"]),
  };
  for (const [kind, model] of Object.entries(models))
    for (const [name, loss] of Object.entries(losses)) {
      const batch = {
        inputs,
        targets: loss.kind === "poisson" || loss.kind === "negativeBinomial" ? counts : targets,
        mask: maskOf(ltrnn, shape, 5),
      };
      results[`gradient, ${kind}, ${name}`] = ltrnn.lossAndGradient(model, batch, {
        dt: 0.3,
        loss,
        integrator: "heun",
      });
      results[`backpropagation, ${kind}, ${name}`] = ltrnn.backpropagate(model, batch, {
        dt: 0.3,
        loss,
      });
    }
  return results;
}

type Head = Parameters<Library["headLoss"]>[0];

/** A head without parameters: the prediction is twice the outputs. */
const doubling = (ltrnn: Library): Head => {
  const twice = (x: Parameters<Head["predict"]>[0]) =>
    ltrnn.tensor(
      x.shape,
      x.data.map((value) => 2 * value),
    );
  return {
    kind: "head",
    name: "doubling",
    params: {},
    predict: twice,
    adjoint: (_, dPrediction) => ({ dOutputs: twice(dPrediction), gradients: {} }),
  };
};
