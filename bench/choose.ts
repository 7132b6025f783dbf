/**
 * What precision and threads buy: a training step of ours alone, and how far the gradients of float32 are from those
 * of float64.
 */
import {
  FullRankRNN,
  LowTensorRankRNN,
  adam,
  lossAndGradient,
  networkObjective,
  random,
  tensor,
  train,
  type Params,
  type Tensor3,
} from "ltrnn";
import { median } from "./median";

export async function choose(rounds: number): Promise<void> {
  const draw = (shape: Tensor3["shape"]): Tensor3 =>
    tensor(shape, Array.from({ length: shape[0] * shape[1] * shape[2] }, random(1, "choose").normal));
  for (const { name, model, trials, time } of [
    {
      name: "low tensor rank, N = 200, R = 5, 200 outputs, K = 250, T = 40",
      model: LowTensorRankRNN.random({ units: 200, inputs: 3, outputs: 200, rank: 5, trials: 250 }, 1),
      trials: 250,
      time: 40,
    },
    {
      name: "full rank, N = 128, K = 64, T = 100",
      model: FullRankRNN.random({ units: 128, inputs: 3, outputs: 2 }, 1),
      trials: 64,
      time: 100,
    },
    {
      name: "full rank, N = 50, K = 8, T = 20",
      model: FullRankRNN.random({ units: 50, inputs: 3, outputs: 2 }, 1),
      trials: 8,
      time: 20,
    },
  ]) {
    const batch = { inputs: draw([trials, time, 3]), targets: draw([trials, time, model.params.readout!.shape[0]]) };
    const [exact, single] = (["float64", "float32"] as const).map(
      (precision) => lossAndGradient<FullRankRNN | LowTensorRankRNN>(model, batch, { precision }).gradients as Params,
    );
    const apart = Math.max(
      ...Object.entries(exact).map(
        ([key, g]) =>
          Math.max(...g!.data.map((x, at) => Math.abs(x - single[key]!.data[at]))) / Math.max(...g!.data.map(Math.abs)),
      ),
    );
    const cells: string[] = [];
    for (const precision of ["float64", "float32"] as const)
      for (const threads of [1, 2]) {
        const steps = train(networkObjective(model, batch, { precision }), model.params as Params, {
            optimizer: adam(1e-3),
            steps: 100_000,
            every: 1,
            threads,
          }),
          times: number[] = [];
        for (const begun = performance.now(); performance.now() - begun < 4000 || times.length < rounds; ) {
          const from = performance.now();
          await steps.next();
          times.push(performance.now() - from);
        }
        await steps.return(undefined);
        cells.push(`${precision} on ${threads}: ${median(times.slice(times.length >> 1)).toFixed(1)} ms`);
      }
    console.log(
      `${name.padEnd(62)} ${cells.join(", ")}; gradients in float32 differ by ${apart.toExponential(0)} of the largest`,
    );
  }
}
