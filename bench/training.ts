/** Training steps (loss, exact gradient, Adam) beside PyTorch's, float32, on the same arrays. */
import { FullRankRNN, LowTensorRankRNN, adam, networkObjective, random, tensor, train, type Params, type Shape } from "ltrnn";
import { Peer } from "./peer";
import { row } from "./row";

const draws = (seed: number) => (shape: Shape, std: number, mean = 0) => {
  const { normal } = random(seed, "bench"), size = shape.reduce((a, b) => a * b, 1);
  return tensor(shape as [number, number], Array.from({ length: size }, () => mean + std * normal()));
};

async function compare(work: string, target: number, rounds: number, peak: number, flops: number, model: FullRankRNN | LowTensorRankRNN, trials: number, time: number, conditions: number[], alpha: number) {
  const draw = draws(9), outputs = model.params.readout!.shape[0];
  const inputs = draw([trials, time, 3], 1) as never, targets = draw([trials, time, outputs], 0.1) as never;
  const peer = await Peer.start("torch_training.py");
  const params: Params = { ...model.params };
  await peer?.load("training", { ...params, inputs, targets } as never, { params: Object.keys(params), conditions, alpha });
  const steps = train(networkObjective(model, { inputs, targets, conditions }, { dt: alpha, precision: "float32" }), params, { optimizer: adam(1e-3), steps: rounds + 5, every: 1 });
  await row({ work, target, rounds, flops, peak, agreement: 1e-4 }, async () => {
    const from = performance.now(), { value } = await steps.next();
    return { ms: performance.now() - from, value: value!.loss };
  }, peer);
  peer?.stop();
}

export async function training(peak: number, rounds: number): Promise<void> {
  for (const { name, n, rank, trials, time, target, times } of [{ name: "S + D", n: 200, rank: 5, trials: 250, time: 40, target: 1.3, times: 1 }, { name: "the same", n: 1000, rank: 10, trials: 500, time: 100, target: 1.8, times: 0.34 }]) {
    const params = {
      a: draws(1)([n, rank], n ** -0.5), b: draws(2)([n, rank], n ** -0.5), c: draws(3)([trials, rank], 0.1, 1), wIn: draws(4)([n, 3], 3 ** -0.5), x0: draws(5)([8, n], 0.1), readout: draws(6)([200, n], n ** -0.5),
    };
    await compare(`${name}: N = ${n}, R = ${rank}, K = ${trials}, T = ${time}, float32`, target, Math.ceil(rounds * times), peak, (6 * trials * time * n * (2 * rank + 3 + 200)) / 1e9, new LowTensorRankRNN(params as never), trials, time, Array.from({ length: trials }, (_, k) => k % 8), 0.05);
  }
  for (const [n, target] of [[128, 1], [512, 1.8]]) {
    const params = { w: draws(1)([n, n], n ** -0.5), wIn: draws(2)([n, 3], 3 ** -0.5), bias: tensor([n], new Float64Array(n)), readout: draws(3)([2, n], n ** -0.5), readoutBias: tensor([2], new Float64Array(2)), x0: tensor([1, n], new Float64Array(n)) };
    await compare(`leaky full rank, N = ${n}, batch 64, T = 100, float32`, target, rounds, peak, (6 * 64 * 100 * n * (n + 5)) / 1e9, new FullRankRNN(params as never), 64, 100, new Array(64).fill(0), 0.2);
  }
}
