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
    json: [json, ltrnn.fromJson(json), ltrnn.modelFromJson(model.toJSON()).params],
    lineFigure: ltrnn.lineFigure([{ x: line, y: line.map((value) => 1 + value * value), label: "square" }], {
      logY: true,
      title: "a line",
    }),
    scatterFigure: ltrnn.scatterFigure([{ x: draw("px", [30]).data, y: draw("py", [30]).data, joined: true }]),
    heatMapFigure: ltrnn.heatMapFigure(draw("m", [7, 9])),
    singularValueFigure: ltrnn.singularValueFigure(comparison(ltrnn)),
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
