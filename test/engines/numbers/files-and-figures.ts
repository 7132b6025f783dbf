import type { Library, Results } from "../public-numbers";
import { drawing } from "./data";

/** Bytes and texts that results are written as, and what is read back from them. */
export async function filesAndFigures(ltrnn: Library): Promise<Results> {
  const draw = drawing(ltrnn),
    x = draw("x", [4, 5, 3]),
    model = ltrnn.LowRankRNN.random({ units: 5, inputs: 1, rank: 1 }, 2);
  const npy = ltrnn.writeNpy(x),
    npz = ltrnn.writeNpz({ x, y: draw("y", [30, 40]) });
  const json = ltrnn.toJson({ model: model.toJSON(), x });
  const line = Array.from({ length: 50 }, (_, step) => step / 7);
  return {
    npy: [npy, ltrnn.readNpy(npy)],
    npz: [npz, ltrnn.readNpz(npz), ltrnn.listNpz(npz)],
    mat: [ltrnn.writeMat({ x }), ltrnn.readMat(ltrnn.writeMat({ x }))],
    table: ltrnn.tableToTensor(ltrnn.readTable("k,t,n,r\n1,0,a,0.1\n1,1,a,1e-7\n2,0,a,NA"), {
      trial: "k",
      time: "t",
      unit: "n",
      value: "r",
    }),
    spikes: ltrnn.spikesToTensor([Array.from(x.data, Math.abs)], { align: [0, 0.4], window: [0, 1], binWidth: 0.1 }),
    scaled: [ltrnn.zScore(x), ltrnn.softNormalize(x), ltrnn.smooth(x, { width: 1.3 })],
    ragged: ltrnn.raggedTrials(x),
    unscaled: ltrnn.undoPreprocessing(ltrnn.zScore(x)),
    saved: [ltrnn.saveResult({ model, x }), ltrnn.loadResult(ltrnn.saveResult({ model, x }))],
    json: [json, ltrnn.fromJson(json), ltrnn.modelFromJson(model.toJSON()).params],
    lineFigure: ltrnn.lineFigure([{ x: line, y: line.map((value) => 1 + value * value), label: "square" }], {
      logY: true,
      title: "a line",
    }),
    scatterFigure: ltrnn.scatterFigure([{ x: draw("px", [30]).data, y: draw("py", [30]).data, joined: true }]),
    heatMapFigure: ltrnn.heatMapFigure(draw("m", [7, 9])),
    ...figuresOfResults(ltrnn),
    singularValueFigure: ltrnn.singularValueFigure(comparison(ltrnn)),
  };
}

/** One of every figure: plain JSON, the same on every engine. */
function figuresOfResults(ltrnn: Library) {
  const draw = drawing(ltrnn),
    activity = draw("rates", [4, 6, 5]),
    task = ltrnn.flipFlop({ bits: 1, trials: 2, steps: 9, seed: 1 });
  const cp = { weights: draw("weights", [2]), factors: [4, 6, 5].map((size) => draw(`factor ${size}`, [size, 2])) },
    labels = [0, 0, 1, 1],
    network = ltrnn.LowRankRNN.random({ units: 6, inputs: 1, rank: 2, phi: "relu" }, 3);
  const field = ltrnn.latentField(
    network,
    [
      [-1, 1],
      [-1, 1],
    ],
    { points: 4 },
  );
  const angles = ltrnn.principalAngles(cp.factors[0], draw("other", [4, 2]));
  const axes = { rank: 1 },
    rows = [0, 1].map((fold) => ({ model: "cp", axes, fold, validation: 0.3 + 0.1 * fold, test: 0.2 }));
  return {
    learningCurveFigure: ltrnn.learningCurveFigure({ steps: [0, 1, 2], losses: [3, 2, 1] }),
    componentsFigure: ltrnn.componentsFigure(cp, { conditions: labels, epochs: labels }),
    trialFactorFigure: ltrnn.trialFactorFigure(
      { factors: cp.factors[0], deviations: cp.factors[0] },
      { epochs: labels },
    ),
    rankScoreFigure: ltrnn.rankScoreFigure(rows, { chosen: 1 }),
    rankDiagnosticFigure: ltrnn.rankDiagnosticFigure([{ rank: 2, coreConsistency: 90, replicability: [0.9, 0.8] }]),
    congruenceFigure: ltrnn.congruenceFigure(ltrnn.congruenceMatrix(cp)),
    rankBoundFigure: ltrnn.rankBoundFigure(comparison(ltrnn)),
    eigenvalueFigure: ltrnn.eigenvalueFigure(ltrnn.weightEigenvalues(draw("weights", [3, 3, 2]))),
    vectorFieldFigure: ltrnn.vectorFieldFigure([{ field, points: ltrnn.allFixedPoints(network).points }]),
    trajectoryFigure: ltrnn.trajectoryFigure(activity, { conditions: labels }),
    neuronFitFigure: ltrnn.neuronFitFigure(activity, draw("prediction", [4, 6, 5])),
    sortedRateFigure: ltrnn.sortedRateFigure(activity),
    replicateFigure: ltrnn.replicateFigure([{ seed: 2, score: 0.5 }]),
    inputFigure: ltrnn.inputFigure({
      inputs: draw("inputs", [4, 6, 2]),
      trialConditions: labels,
      conditionLabels: ["a", "b"],
      preparation: 1,
      model: { params: {} },
    }),
    handFigure: ltrnn.handFigure([{ label: "all", states: activity }], { errors: [1, 2, 3] }),
    subspaceAngleFigure: ltrnn.subspaceAngleFigure([{ label: "trials", angles, chance: [angles, angles] }]),
    taskTrialFigure: ltrnn.taskTrialFigure(task, 1),
  };
}

function comparison(ltrnn: Library) {
  const changes = ltrnn.weightChanges(drawing(ltrnn)("weights", [5, 5, 4]));
  const bound = ltrnn.learningRankBound({
    units: 5,
    inputs: 2,
    outputs: 2,
    snapshots: 4,
    activation: "identity",
    optimizer: ltrnn.sgd(0.1),
  });
  return ltrnn.compareRanks({ changes, steps: Array.from({ length: changes.shape[2] }, (_, k) => 10 * k) }, bound);
}
