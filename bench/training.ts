/**
 * Training steps (loss, exact gradient, Adam) beside PyTorch's, float32, on the same arrays: on one thread each, or
 * ours on two beside PyTorch's on one, and on two.
 */
import {
  FullRankRNN,
  LowTensorRankRNN,
  adam,
  networkObjective,
  random,
  tensor,
  train,
  type Params,
  type Shape,
} from "ltrnn";
import { Peer } from "./peer";
import { row } from "./row";

const draws =
  (seed: number) =>
  (shape: Shape, std: number, mean = 0) => {
    const { normal } = random(seed, "bench"),
      size = shape.reduce((a, b) => a * b, 1);
    return tensor(
      shape as [number, number],
      Array.from({ length: size }, () => mean + std * normal()),
    );
  };

interface Work {
  readonly work: string;
  readonly target: number;
  readonly rounds: number;
  readonly flops: number;
  readonly model: FullRankRNN | LowTensorRankRNN;
  readonly trials: number;
  readonly time: number;
  readonly conditions: number[];
  readonly alpha: number;
}

async function compare(
  { work, target, rounds, flops, model, trials, time, conditions, alpha }: Work,
  peak: number,
  threads: number,
) {
  const draw = draws(9),
    outputs = model.params.readout!.shape[0];
  const inputs = draw([trials, time, 3], 1) as never,
    targets = draw([trials, time, outputs], 0.1) as never;
  const params: Params = { ...model.params };
  const start = async (on: number) => {
    const peer = await Peer.start("torch_training.py", on);
    await peer?.load("training", { ...params, inputs, targets } as never, {
      params: Object.keys(params),
      conditions,
      alpha,
    });
    return peer;
  };
  const peer = await start(1),
    steps = train(
      networkObjective(model, { inputs, targets, conditions }, { dt: alpha, precision: "float32" }),
      params,
      { optimizer: adam(1e-3), steps: 10_000, every: 1, threads },
    );
  await row(
    { work, target, rounds, flops, peak: threads * peak, agreement: 1e-4, inARow: 3 },
    async () => {
      const from = performance.now(),
        { value } = await steps.next();
      return { ms: performance.now() - from, value: value!.loss };
    },
    peer,
    threads > 1 ? () => start(threads) : undefined,
  );
  await steps.return(undefined);
  peer?.stop();
}

/** @param threads - 1: the first target; 2: the second, against the peer on one thread */
export async function training(peak: number, rounds: number, threads: 1 | 2): Promise<void> {
  const on = threads === 1 ? "" : `, ${threads} threads`;
  for (const { name, n, rank, trials, time, targets, times } of [
    { name: "S + D", n: 200, rank: 5, trials: 250, time: 40, targets: [1.3, 0.75], times: 1 },
    { name: "the same", n: 1000, rank: 10, trials: 500, time: 100, targets: [1.8, 1], times: 0.34 },
  ]) {
    const params = {
      a: draws(1)([n, rank], n ** -0.5),
      b: draws(2)([n, rank], n ** -0.5),
      c: draws(3)([trials, rank], 0.1, 1),
      wIn: draws(4)([n, 3], 3 ** -0.5),
      x0: draws(5)([8, n], 0.1),
      readout: draws(6)([200, n], n ** -0.5),
    };
    await compare(
      {
        work: `${name}: N = ${n}, R = ${rank}, K = ${trials}, T = ${time}, float32${on}`,
        target: targets[threads - 1],
        rounds: Math.ceil(rounds * times),
        flops: (6 * trials * time * n * (2 * rank + 3 + 200)) / 1e9,
        model: new LowTensorRankRNN(params as never),
        trials,
        time,
        conditions: Array.from({ length: trials }, (_, k) => k % 8),
        alpha: 0.05,
      },
      peak,
      threads,
    );
  }
  for (const { n, targets } of [
    { n: 128, targets: [1, 0.6] },
    { n: 512, targets: [1.8, 1] },
  ]) {
    const params = {
      w: draws(1)([n, n], n ** -0.5),
      wIn: draws(2)([n, 3], 3 ** -0.5),
      bias: tensor([n], new Float64Array(n)),
      readout: draws(3)([2, n], n ** -0.5),
      readoutBias: tensor([2], new Float64Array(2)),
      x0: tensor([1, n], new Float64Array(n)),
    };
    await compare(
      {
        work: `leaky full rank, N = ${n}, batch 64, T = 100, float32${on}`,
        target: targets[threads - 1],
        rounds,
        flops: (6 * 64 * 100 * n * (n + 5)) / 1e9,
        model: new FullRankRNN(params as never),
        trials: 64,
        time: 100,
        conditions: new Array(64).fill(0),
        alpha: 0.2,
      },
      peak,
      threads,
    );
  }
}
