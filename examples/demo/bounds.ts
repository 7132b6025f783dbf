import {
  FullRankRNN,
  compareRanks,
  learningRankBound,
  lineFigure,
  multilinearRank,
  norm,
  random,
  recordWeights,
  sgd,
  singularValueFigure,
  train,
  trajectoryCertificate,
  trajectoryObjective,
  weightChanges,
  zeros,
  type Matrix,
  type Tensor3,
} from "ltrnn";
import type { Section } from "./report";
import { percent, type Progress } from "./terminal";
import { phases, units, type TrainedNetwork } from "./trained-network";

const linearUnits = 64,
  steps = 30;

/** Claim 3: the bounds, beside the ranks that were seen. */
export async function checkBounds(
  { weights, certificates }: TrainedNetwork,
  seed: number,
  progress: Progress,
): Promise<Section> {
  const linear = await linearNetwork(seed, progress);
  progress.say("reading the certificates");
  const changes = weightChanges(weights),
    reader = trajectoryCertificate({ tolerance: 0.02 });
  const read = certificates.map((state, k) => {
    const change = slice(changes, k + 1);
    return { trial: k + 1, ...reader.read(state, change), size: norm(change) };
  });
  const broken = read.filter(({ status }) => status === "broken").length;
  const shown = [phases.field - 1, phases.field + 9, phases.washout - 1, phases.washout + 9, phases.end - 1];
  return {
    title: "Bounds beside the ranks that were seen",
    text:
      "A linear network with W(0) = 0 cannot leave the few dimensions " +
      "of its inputs and errors. For the tanh network there is a certificate from its own " +
      "trajectory: two subspaces, and how far from them the weights may have gone.",
    tables: [
      {
        caption:
          `Bounds: a linear network of ${linearUnits} units, W(0) = 0, 3 inputs, ` +
          "2 outputs, plain gradient descent in float64",
        columns: [
          "after updates",
          "rank of W",
          "bound",
          "multilinear rank so far",
          "bound",
          "first singular value past the bound",
        ],
        rows: linear.rows,
        note:
          "Ranks count singular values above the rounding of the whole run. Rank above the bound: " +
          `${linear.compared.rows.filter(({ holds }) => !holds).length} of ${steps + 1} snapshots.`,
      },
      {
        caption: `Bounds: trajectory certificates of the tanh network (${units} units)`,
        columns: [
          "after trial",
          "columns in",
          "rows in",
          "size of W - W(0)",
          "outside",
          "bound on that",
          "bound relative to size",
        ],
        rows: shown
          .map((k) => read[k - 1])
          .map(({ trial, ranks, size, error, bound }) => [
            String(trial),
            String(ranks[0]),
            String(ranks[1]),
            size.toPrecision(3),
            error!.toExponential(2),
            bound.toExponential(2),
            percent(bound / size),
          ]),
        note: `Frobenius norms. True part outside above its bound: ${broken} of ${read.length} updates.`,
      },
    ],
    figures: [
      singularValueFigure(linear.compared, { title: "Linear network: singular values, rank bound 5" }),
      lineFigure(
        [
          { label: "size of W - W(0)", x: read.map((r) => r.trial), y: read.map((r) => r.size) },
          { label: "certified bound on the part outside", x: read.map((r) => r.trial), y: read.map((r) => r.bound) },
          { label: "the part outside", x: read.map((r) => r.trial), y: read.map((r) => r.error!) },
        ],
        { title: "Certificates of the tanh network", xLabel: "trial", yLabel: "Frobenius norm", logY: true },
      ),
    ],
  };
}

async function linearNetwork(seed: number, progress: Progress) {
  const drawn = FullRankRNN.random({ units: linearUnits, inputs: 3, outputs: 2, phi: "identity" }, seed),
    { bias: _, readoutBias: __, ...params } = drawn.params;
  const model = new FullRankRNN(
    {
      ...params,
      w: zeros([linearUnits, linearUnits]),
      readout: { shape: [2, linearUnits], data: params.readout!.data.map((c) => 8 * c) },
    },
    { phi: "identity" },
  );
  const stream = random(seed, "linear task"),
    normal = (shape: readonly [number, number, number]): Tensor3 => ({
      shape,
      data: Float64Array.from({ length: shape[0] * shape[1] * shape[2] }, () => stream.normal()),
    });
  const batch = { inputs: normal([8, 20, 3]), targets: normal([8, 20, 2]) },
    optimizer = sgd(0.5),
    certificate = trajectoryCertificate({ tolerance: 0.5 });
  let state = certificate.init(linearUnits);
  const roundings = [0];
  const run = async function* () {
    for await (const now of train(
      trajectoryObjective(model, batch, { dt: 0.1 }),
      { w: model.params.w },
      { optimizer, steps, every: 1 },
    )) {
      const { adjoints, rates, alpha } = now.evaluation;
      if (now.status === "running") {
        state = certificate.update(state, { adjoints, rates, alpha, coefficient: 0.5, weights: now.params.w });
        roundings.push(state.rounding);
      }
      progress.say("a linear network", `update ${now.step} of ${steps}`);
      yield now;
    }
  };
  const { weights, steps: updates } = await recordWeights(run(), model);
  const bound = learningRankBound({
    units: linearUnits,
    inputs: model.params.wIn,
    outputs: model.params.readout!,
    snapshots: steps,
    activation: "identity",
    optimizer,
  });
  // W(0) = 0: weights are changes
  const compared = compareRanks({ changes: weights, steps: updates, roundings }, bound);
  const rows = compared.rows.map(({ step, rank, residual }) => {
    const soFar: Tensor3 = {
      shape: [linearUnits, linearUnits, step + 1],
      data: weights.data.filter((_, at) => at % (steps + 1) <= step),
    };
    const { ranks } = multilinearRank(soFar, { absolute: 16 * roundings[step] * Math.sqrt(step + 1) });
    return [
      String(step),
      String(rank),
      String(compared.rows[0].bound),
      ranks.join(", "),
      [0, 1, 2].map((mode) => Math.min(compared.multilinear.bound[mode], mode < 2 ? linearUnits : step + 1)).join(", "),
      residual.toExponential(1),
    ];
  });
  return { compared, rows };
}

/** Slice k of the last mode. */
function slice({ shape: [rows, columns, count], data }: Tensor3, k: number): Matrix {
  const out = zeros([rows, columns]);
  for (let at = 0; at < out.data.length; at++) out.data[at] = data[at * count + k];
  return out;
}
