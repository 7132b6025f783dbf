/** Train a network on a task, record its weights, and see how few components their changes have. */
import {
  FullRankRNN,
  cpAls,
  last,
  networkObjective,
  pointMass,
  reaching,
  recordWeights,
  sgd,
  train,
  adam,
  weightChanges,
} from "ltrnn";

export async function main() {
  const task = reaching({ targets: 4, steps: 20, dt: 0.1, cue: 4, duration: 12 });
  const naive = FullRankRNN.random({ units: 40, inputs: 3, outputs: 2, gain: 0.8, tau: 0.5 }, 1),
    batch = task.batch;
  const hand = (curl: number) => ({ dt: task.dt, plant: pointMass({ dt: task.dt, friction: 1, curl }) });
  const { w, wIn, readout } = naive.params;
  const skilled = naive.with({
    params: (
      await last(
        train(networkObjective(naive, batch, hand(0)), { w, wIn, readout }, { optimizer: adam(5e-3), steps: 200 }),
      )
    ).params,
  });

  const run = train(
    networkObjective(skilled, batch, hand(1)),
    { w: skilled.params.w },
    { optimizer: sgd(0.2), steps: 60, every: 2 },
  );
  const { weights, losses } = await recordWeights(run, skilled);
  const explained = [1, 2, 3, 4].map((rank) => 1 - cpAls(weightChanges(weights), rank, { seed: 1 }).relativeError ** 2);
  console.log(`loss in the field: ${losses[0].toExponential(1)} to ${losses.at(-1)!.toExponential(1)}`);
  explained.forEach((share, i) =>
    console.log(`rank ${i + 1} explains ${(100 * share).toFixed(1)} % of the weight changes`),
  );
  return explained;
}
