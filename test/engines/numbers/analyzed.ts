import type { Library, Results } from "../public-numbers";
import { drawing } from "./data";

/** Eigenvalues, Jacobians, latent dynamics and fixed points. */
export function analyzed(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    input = draw("constant input", [2]),
    c = draw("trial factor", [4, 2], 2),
    spec = { units: 14, inputs: 2, outputs: 1, rank: 2, trials: 4 };
  const relu = ltrnn.LowTensorRankRNN.random({ ...spec, phi: "relu" }, 4).with({ params: { c } }),
    tanh = ltrnn.LowTensorRankRNN.random({ ...spec, gain: 2 }, 5).with({ params: { c } }),
    full = ltrnn.FullRankRNN.random({ units: 6, inputs: 2, gain: 2, phi: "softplus" }, 6);
  const kappa = draw("latent states", [3, 2]);
  return {
    jacobian: [ltrnn.jacobian(tanh, draw("state", [14]), { trial: 2 }), ltrnn.jacobian(full, draw("other state", [6]))],
    fixedPoints: [
      ltrnn.fixedPoints(tanh, { trial: 1, input, starts: 30 }),
      ltrnn.fixedPoints(full, { input, starts: 20, seed: 2 }),
    ],
    allFixedPoints: ltrnn.allFixedPoints(relu, { trial: 3, input }),
    followFixedPoints: ltrnn.followFixedPoints(relu, { input }),
    overlaps: ltrnn.overlaps(tanh, { trial: 2 }),
    latentDynamics: ltrnn.latentDynamics(tanh, kappa, { input, trial: 1 }),
    latentField: ltrnn.latentField(
      tanh,
      [
        [-1, 1],
        [-2, 2],
      ],
      { points: 4, input },
    ),
    latentActivity: ltrnn.latentActivity(tanh, ltrnn.simulate(tanh, draw("analyzed inputs", [4, 5, 2])).states),
    weightEigenvalues: [ltrnn.weightEigenvalues(tanh), ltrnn.weightEigenvalues(draw("weights over trials", [5, 5, 6]))],
  };
}
