import { expect, test } from "vitest";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { backpropagate, lossAndGradient, simulate } from "../../src/run";
import { tensor, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { oracle } from "../support/oracle";

// PyTorch 1.13 autograd in float64; 1e-10 leaves room for sums taken in another order
const {
  params: { A, B, c, Win, b, C, x0 },
  u,
  target,
  alpha,
  activations,
  K,
  T,
  N,
  n_out,
} = oracle("bptt");

test.each(["tanh", "relu", "softplus", "identity"] as const)(
  "states, outputs, loss and every gradient agree with PyTorch: %s",
  (phi) => {
    const want = activations[phi];
    const model = new LowTensorRankRNN({ a: A, b: B, c, wIn: Win, bias: b, x0, readout: C }, { phi });
    const batch = { inputs: u, targets: target };
    const run = backpropagate(model, batch, { dt: alpha });
    close(run.states, want.states, 1e-10);
    close(run.outputs, want.outputs, 1e-10);
    expect(Math.abs(run.loss / want.loss - 1)).toBeLessThan(1e-10);
    const names = { a: "A", b: "B", c: "c", wIn: "Win", bias: "b", readout: "C", x0: "x0" } as const;
    for (const [ours, theirs] of Object.entries(names))
      close(run.gradients[ours as keyof typeof names]!, want.grad[theirs], 1e-10);
    close(simulate(model, u, { dt: alpha }).states, want.states, 1e-10);
    close(lossAndGradient(model, batch, { dt: alpha }).gradients.a, run.gradients.a, 0);
  },
);

test.each(["tanh", "relu", "softplus", "identity"] as const)(
  "trial by trial, the full-rank gradient in W^(k) agrees with PyTorch: %s",
  (phi) => {
    const low = new LowTensorRankRNN({ a: A, b: B, c, wIn: Win, bias: b, x0, readout: C }, { phi });
    const row = (x: Tensor3, k: number) =>
      tensor([1, x.shape[1], x.shape[2]], x.data.slice(k * x.shape[1] * x.shape[2], (k + 1) * x.shape[1] * x.shape[2]));
    for (let k = 0; k < K; k++) {
      const model = new FullRankRNN(
        {
          w: low.weights(k),
          wIn: Win,
          bias: b,
          x0: tensor([1, N], x0.data.slice(k * N, (k + 1) * N)),
          readout: C,
        },
        { phi },
      );
      const run = backpropagate(model, { inputs: row(u, k), targets: row(target, k) }, { dt: alpha });
      // the oracle's loss is a mean over K trials, this one over a single trial
      const want = row(activations[phi].grad_W, k);
      close(run.gradients.w, { shape: [N, N], data: want.data.map((x) => x * K) }, 1e-10);
      // theory A1: the gradient is alpha times the sum of lambda_{t+1} h_t'
      const outer = new Float64Array(N * N);
      for (let t = 0; t < T; t++)
        for (let i = 0; i < N; i++)
          for (let j = 0; j < N; j++)
            outer[i * N + j] += (run.alpha as number) * run.adjoints.data[(t + 1) * N + i] * run.rates.data[t * N + j];
      close(run.gradients.w, { shape: [N, N], data: outer }, 1e-12);
    }
    expect(n_out).toBe(target.shape[2]);
  },
);
