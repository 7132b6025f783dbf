import { expect, test } from "vitest";
import {
  conditionStates,
  freeTrialFactors,
  gaussianTrialFactors,
  networkPart,
  smoothModel,
  trialCovariance,
} from "../../src/parts";
import { defaultSetting, type LowTensorRankParams } from "../../src/models";
import { simulate } from "../../src/run";
import { hadamard, tensor, transpose, zeros, type Matrix, type Tensor, type Vector } from "../../src/tensor";
import { close, distance } from "../support/close";
import { oracle } from "../support/oracle";

// the paper's own code; its weight[k][j][i] is the transpose of our W^(k)
/** A case as the file has it. */
type Case = ReturnType<typeof oracle>;

const { cases } = oracle("ltrrnn");
const named = cases.map((c: Case) => ({ name: c.label as string, c }));
const columns = (m: Matrix, from: number, to: number): Matrix =>
  tensor(
    [m.shape[0], to - from],
    Array.from(
      { length: m.shape[0] * (to - from) },
      (_, at) => m.data[Math.floor(at / (to - from)) * m.shape[1] + from + (at % (to - from))],
    ),
  );
const numbers = (x: Tensor | readonly number[] | null): number[] | undefined =>
  x === null ? undefined : "data" in x ? [...x.data] : [...x];

/** The case's model in our words: whitened factors, zero where a trial is held out. */
function ours(c: Case, jitter: number) {
  const heldOut = numbers(c.held_out_trials)!,
    kernel = { length: c.kernel.l, sigma: c.kernel.sigma, alpha: c.kernel.alpha };
  const covariance = trialCovariance(numbers(c.trial_ids)!, kernel, numbers(c.epoch));
  const kept: Matrix = {
    shape: [c.K, c.R],
    data: Float64Array.from({ length: c.K * c.R }, (_, at) => 1 - heldOutMask(heldOut, c.K)[Math.floor(at / c.R)]),
  };
  const z = hadamard(c.W_trial as Matrix, kept),
    factors = gaussianTrialFactors(covariance, { jitter });
  const free = {
    a: columns(c.W_column, 0, c.R),
    b: c.W_row as Matrix,
    z,
    m: c.observation_bias as Vector,
    wIn: c.out.input_weight as Matrix,
    x0: c.out.initial_state as Matrix,
    ...(c.bias_used_in_f ? { bias: tensor([c.N], c.out.bias.data) } : {}),
  };
  const [model, adjoint] = smoothModel(free, factors, { tau: c.time_constant, phi: c.activation, reads: "rates" });
  return {
    covariance,
    free,
    factors,
    kept,
    model,
    adjoint,
  };
}
/** One entry per trial, 1 where it is held out; or a list of the trials. */
const heldOutMask = (heldOut: readonly number[], trials: number) =>
  heldOut.length === trials && heldOut.every((h) => h === 0 || h === 1)
    ? heldOut
    : Array.from({ length: trials }, (_, k) => (heldOut.includes(k) ? 1 : 0));

test.each<Case>(named)(
  "covariance, latent and observed trial factors, and weights are those of the paper's code: $name",
  ({ c }) => {
    const latent = ours(c, c.jitter_latent),
      observed = ours(c, c.sigma_observation ** 2);
    close(latent.covariance, c.out.covariance_matrix, 1e-13);
    // the Cholesky factor of a near-singular covariance: condition 1e6
    close(latent.model.params.c, c.out.trial_weight_latent, 1e-10);
    close(observed.model.params.c, c.out.trial_weight_observation, 1e-10);
    close(transpose(latent.model.weights(0)), c.out.weight_latent_trial0, 1e-10);
    for (let k = 0; k < c.K; k++) {
      const w = observed.model.weights(k),
        want = c.out.weight.data.subarray(k * c.N * c.N, (k + 1) * c.N * c.N);
      expect(
        distance(
          w.data,
          w.data.map((_, at) => want[(at % c.N) * c.N + Math.floor(at / c.N)]),
        ),
      ).toBeLessThan(1e-10);
    }
  },
);

test.each<Case>(named)(
  "the gradient of sum(weight * G) in every free parameter is the paper code's: $name",
  ({ c }) => {
    const { model, adjoint, kept } = ours(c, c.sigma_observation ** 2),
      { a, b, c: factors } = model.params;
    const d = { a: zeros(a.shape), b: zeros(b.shape), c: zeros(factors.shape) };
    for (let k = 0; k < c.K; k++)
      for (let i = 0; i < c.N; i++)
        for (let j = 0; j < c.N; j++)
          for (let r = 0; r < c.R; r++) {
            const g = c.weight_vjp.G.data[(k * c.N + j) * c.N + i],
              [ai, bj, ck] = [a.data[i * c.R + r], b.data[j * c.R + r], factors.data[k * c.R + r]];
            d.a.data[i * c.R + r] += g * bj * ck;
            d.b.data[j * c.R + r] += g * ai * ck;
            d.c.data[k * c.R + r] += g * ai * bj;
          }
    const free = adjoint({ ...model.params, ...d } as LowTensorRankParams);
    close(free.a!, columns(c.weight_vjp.dW_column, 0, c.R), 1e-10);
    close(free.b!, c.weight_vjp.dW_row, 1e-10);
    close(hadamard(free.z! as Matrix, kept), c.weight_vjp.dW_trial, 1e-10);
    close(free.m!, tensor([c.R], c.weight_vjp.dobservation_bias.data), 1e-10);
  },
);

test.each<Case>(named)(
  "coefficients of column factors give the paper code's inputs, bias and initial states: $name",
  ({ c }) => {
    const a = columns(c.W_column, 0, c.R),
      norms = Array.from({ length: c.R }, (_, r) =>
        Math.hypot(...Array.from({ length: c.N }, (__, i) => a.data[i * c.R + r])),
      );
    // theirs multiply the column factors as they are stored, ours those of unit length
    const ofUnit = (m: Matrix): Matrix => ({ shape: m.shape, data: m.data.map((v, at) => v * norms[at % c.R]) }),
      conditions = numbers(c.condition)!,
      factors = freeTrialFactors(c.K);
    const free = {
      a,
      b: c.W_row as Matrix,
      c: c.out.trial_weight_latent as Matrix,
      wIn: ofUnit(
        tensor(
          [c.n_in, c.R],
          Array.from({ length: c.n_in * c.R }, (_, at) =>
            Math.floor(at / c.R) === at % c.R ? c.W_in_coef.data[at % c.R] : 0,
          ),
        ),
      ),
      bias: tensor([c.R], ofUnit(tensor([1, c.R], c.bias_coef.data)).data),
      x0: ofUnit(c.initial_state_linear_combination),
    };
    const [{ params }] = networkPart(
      free,
      { trialFactors: factors, initialStates: conditionStates(conditions, free.x0.shape[0]), span: "columns" },
      { ...defaultSetting, tau: c.time_constant },
    );
    close(params.bias!, c.out.bias, 1e-13);
    conditions.forEach((row, k) => {
      const got = params.x0.data.subarray(row * c.N, (row + 1) * c.N);
      expect(distance(got, c.out.initial_state.data.subarray(k * c.N, (k + 1) * c.N))).toBeLessThan(1e-13);
    });
    if (c.in_space_inputs) close(params.wIn, c.out.input_weight, 1e-13);
    else {
      const scaled = columns(c.W_column, c.R, c.R + c.n_in);
      const want = scaled.data.map((v, at) => v * c.W_in_coef.data[at % c.n_in]);
      close(tensor([c.N, c.n_in], want), c.out.input_weight, 1e-15);
    }
  },
);

test.each<Case>(named)("the vector field is the paper code's: $name", ({ c }) => {
  const { model } = ours(c, c.sigma_observation ** 2),
    dt = c.time_constant / 1024; // a power of two: dividing by it rounds nothing
  const { states } = simulate(model.with({ params: { x0: c.f.x } }), tensor([c.K, 1, c.n_in], c.f.u.data), { dt });
  const dx = Float64Array.from(
    c.f.dx.data as Float64Array,
    (_, at) => (states.data[Math.floor(at / c.N) * 2 * c.N + c.N + (at % c.N)] - c.f.x.data[at]) / dt,
  );
  expect(distance(dx, c.f.dx.data)).toBeLessThan(1e-11); // a difference of states, 1/1024 of their size
});

test.each<Case>(named)("Euler approaches the paper's reference trajectory at first order: $name", ({ c }) => {
  const { model } = ours(c, c.sigma_observation ** 2),
    times = numbers(c.solve.times)!,
    end = times[times.length - 1];
  const errors = [400, 800, 1600].map((steps) => {
    const inputs = zeros([c.K, steps, c.n_in]),
      dt = end / steps;
    for (let k = 0; k < c.K; k++)
      for (let t = 0; t < steps; t++)
        inputs.data.set((c.solve.u ?? c.f.u).data.subarray(k * c.n_in, (k + 1) * c.n_in), (k * steps + t) * c.n_in);
    const { states } = simulate(model, inputs, { dt });
    let largest = 0;
    times.forEach((time, s) => {
      const step = Math.round(time / dt);
      expect(Math.abs(step * dt - time)).toBeLessThan(1e-9); // every time of the reference is on our grid
      for (let k = 0; k < c.K; k++)
        for (let i = 0; i < c.N; i++)
          largest = Math.max(
            largest,
            Math.abs(states.data[(k * (steps + 1) + step) * c.N + i] - c.solve.reference.data[(s * c.K + k) * c.N + i]),
          );
    });
    return largest;
  });
  expect(errors[0]).toBeLessThan(0.02);
  // the finest Euler grid is nearer to the true trajectory than the adaptive solver of the paper's code
  const official = distanceOf(c.solve.official_adaptive, c.solve.reference);
  expect(Math.abs(official - c.solve.max_abs_difference)).toBeLessThan(1e-15);
  expect(errors[2]).toBeLessThan(official);
  // halving the step halves the error; the second-order part is what it misses by
  expect(errors[0] / errors[1]).toBeGreaterThan(1.9);
  expect(errors[0] / errors[1]).toBeLessThan(2.1);
  expect(errors[1] / errors[2]).toBeGreaterThan(1.95);
  expect(errors[1] / errors[2]).toBeLessThan(2.05);
});

const distanceOf = (x: Tensor, y: Tensor) => Math.max(...x.data.map((value, at) => Math.abs(value - y.data[at])));
