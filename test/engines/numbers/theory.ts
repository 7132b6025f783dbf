import type { Tensor3 } from "../../../src";
import type { Library, Results } from "../public-numbers";
import { drawing } from "./data";

/** Bounds, their nulls, and the reduced dynamics of linear networks. */
export function theory(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    wIn = draw("input weights", [16, 2]),
    readout = draw("readout", [2, 16]);
  const initialWeights = ltrnn.matmul(draw("left", [16, 1]), draw("right", [1, 16]));
  const generic = (rank: number) =>
    ltrnn.cpToTensor({
      weights: ltrnn.tensor([rank], new Array(rank).fill(1)),
      factors: [3, 4, 4].map((size) => draw(`factor of ${size}`, [size, rank])),
    }) as Tensor3;
  const changes = ltrnn.weightChanges(draw("weights", [6, 6, 5]));
  return {
    learningSubspace: ltrnn.learningSubspace({ initialWeights, inputWeights: wIn, readout }),
    learningRankBound: ltrnn.learningRankBound({
      units: 16,
      inputs: wIn,
      outputs: readout,
      initial: { weights: initialWeights, bias: true },

      snapshots: 10,
      activation: "identity",
      optimizer: ltrnn.sgd(0.1),
    }),
    gradientRankBound: ltrnn.gradientRankBound({
      adjoints: draw("adjoints", [3, 4, 16]),
      rates: draw("rates", [3, 4, 16]),
      alpha: 0.2,
    }),
    cpRankBounds: ltrnn.cpRankBounds(draw("generic tensor", [4, 4, 3])),
    koszulCp: ltrnn.koszulCp(generic(5), 5),
    koszulUnique: ltrnn.koszulUnique({
      weights: draw("weights of components", [8]),
      factors: [4, 6, 6].map((size) => draw(`mode of ${size}`, [size, 8])),
    }),
    ranksOfShapes: [ltrnn.genericRank([3, 4, 5]), ltrnn.maximalRankAtMost([3, 4, 5])],
    latentDimensionBound: ltrnn.latentDimensionBound({ units: 100, rank: 3, inputs: 2, bias: true }),
    activationRankBound: [ltrnn.activationRankBound(3, 5), ltrnn.activationRankBound(3, 5, "odd")],
    chebyshevRankBound: (["tanh", "softplus"] as const).map((activation) =>
      ltrnn.chebyshevRankBound({ activation, range: 0.7, dimension: 2, degree: 6, units: 50, trials: 4, steps: 9 }),
    ),
    weightChanges: changes,
    rotatedIncrements: ltrnn.rotatedIncrements(changes, 3),
    ...overlaps(ltrnn),
  };
}

function overlaps(ltrnn: Library): Results {
  const draw = drawing(ltrnn);
  const params = {
    m: draw("m", [20, 2], 0.15),
    n: draw("n", [20, 2], 0.15),
    wIn: draw("w", [20, 2], 0.2),
    readout: draw("r", [1, 20], 0.2),
    x0: draw("x0", [3, 20], 0.05),
    bias: draw("bias", [20], 0.05),
    readoutBias: draw("readout bias", [1], 0.1),
  };
  const task = { inputs: draw("u", [3, 10, 2]), targets: draw("targets", [3, 10, 1]) };
  const descent = [...ltrnn.overlapDescent(params, task, { alpha: 0.1, rate: 0.1, steps: 40, every: 10 })];
  return {
    overlapDescent: descent,
    overlapFlow: [...ltrnn.overlapFlow(params, task, { alpha: 0.1, step: 0.1, steps: 20, every: 5 })],
    overlapParams: ltrnn.overlapParams(params, descent[descent.length - 1]),
  };
}
