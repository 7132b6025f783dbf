/**
 * A linear network cannot leave its learning subspace: bound and numerical rank, side by side, and Adam, which is
 * promised nothing.
 */
import {
  FullRankRNN,
  adam,
  learningRankBound,
  networkObjective,
  numericalRank,
  random,
  sgd,
  tensor,
  train,
  zeros,
} from "ltrnn";

export async function main() {
  const units = 30,
    { wIn, readout, x0 } = FullRankRNN.random({ units, inputs: 2, outputs: 1 }, 1).params,
    draw = random(2, "task").normal;
  const model = new FullRankRNN(
    {
      w: zeros([units, units]),
      wIn,
      readout: tensor(
        [1, units],
        readout!.data.map((c) => 5 * c),
      ),
      x0,
    },
    { phi: "identity" },
  );
  const batch = {
    inputs: tensor([4, 15, 2], Array.from({ length: 120 }, draw)),
    targets: tensor([4, 15, 1], Array.from({ length: 60 }, draw)),
  };
  const ranks: number[] = [];
  for (const optimizer of [sgd(0.5), adam(0.01)]) {
    const bound = learningRankBound({ units, inputs: 2, outputs: 1, snapshots: 20, activation: "identity", optimizer });
    let rank = 0;
    for await (const { params } of train(
      networkObjective(model, batch),
      { w: model.params.w },
      { optimizer, steps: 20 },
    ))
      rank = numericalRank(params.w!, { tolerance: 1e-10 }).rank;
    console.log(
      `${optimizer.name}: ` +
        `${bound.status === "holds" ? `at most ${bound.atMost}` : `no promise, ${bound.because}`}; reached ${rank}`,
    );
    ranks.push(rank);
  }
  return ranks;
}
