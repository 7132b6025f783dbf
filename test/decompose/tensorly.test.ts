import { expect, test } from "vitest";
import { cpAls, cpAlsSweeps, nonNegative, tucker } from "../../src/decompose";
import { cpToTensor, distributeWeights, factorMatchScore, tuckerToTensor, type Cp } from "../../src/factored";
import {
  hadamard,
  khatriRao,
  matmul,
  mttkrp,
  norm,
  subtract,
  tensor,
  unfold,
  type Matrix,
  type Tensor,
} from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";

const { algebra, als, masked, nonneg, tucker: hooi } = oracle("cp");
const named = (cases: Oracle[]) => cases.map((c, i) => ({ name: c.label ?? `${c.shape.join(" × ")}, case ${i}`, c }));
const plain = { accelerate: false, compress: false };

/** A model of unit weights. */
const modelOf = (factors: readonly Matrix[]): Cp => ({
  weights: tensor([factors[0].shape[1]], new Array(factors[0].shape[1]).fill(1)),
  factors,
});
/** `‖x - x̂‖ / ‖x‖` over the entries where weight is 1. */
const far = (x: Tensor, model: Tensor, weight?: Tensor) =>
  weight ? norm(hadamard(subtract(x, model), weight)) / norm(hadamard(x, weight)) : norm(subtract(x, model)) / norm(x);
const ratio = (got: number, want: number) => Math.abs(got / want - 1);

test.each<Oracle>(named(algebra))("weights are one more factor of an MTTKRP, of one row: $name", ({ c }) => {
  const row: Matrix = { shape: [1, c.rank], data: c.weights.data };
  c.mttkrp_weighted.forEach((want: Matrix, mode: number) => {
    const others = c.factors.filter((_: Matrix, m: number) => m !== mode);
    close(matmul(unfold(c.tensor, mode), khatriRao([row, ...others])), want, 1e-13);
    const other = mode === 0 ? 1 : 0,
      weighted = c.factors.map((f: Matrix, m: number) => (m === other ? khatriRao([f, row]) : f));
    close(mttkrp(c.tensor, weighted, mode), want, 1e-13);
  });
});

test.each<Oracle>(named(als))("errors under a ridge, and normalized factors, are TensorLy's: $name", ({ c }) => {
  const ridged = [
    ...cpAlsSweeps(c.tensor, c.rank, { start: c.init, sweeps: 3, tolerance: 0, method: { ridge: 0.05 } }),
  ];
  c["errors_l2_reg_0.05"].forEach((error: number, k: number) =>
    expect(ratio(ridged[k].relativeError, error)).toBeLessThan(1e-11),
  );
  const { raw } = cpAls(c.tensor, c.rank, { start: c.init, sweeps: 3, tolerance: 0 }),
    { weights, factors } = distributeWeights(modelOf(raw)),
    want = c.after_3_sweeps_normalize_factors;
  // normalizing inside the loop changes no model, so the columns are those of a run without, up to rounding
  close(weights, want.weights, 1e-12);
  factors.forEach((f, mode) => close(f, want.factors[mode], 1e-12));
});

test.each<Oracle>(named(als))("errors of models that TensorLy found are its own: $name", ({ c }) => {
  expect(ratio(far(c.tensor, cpToTensor(modelOf(c.converged.factors_raw))), c.converged.rel_error)).toBeLessThan(1e-12);
  // a difference of squares, whose rounding is 1e-16 over the square of the error
  expect(ratio(c.converged.tensorly_reported_error, c.converged.rel_error)).toBeLessThan(1e-12);
  for (const { factors, rel_error } of c.core_consistency)
    expect(ratio(far(c.tensor, cpToTensor(modelOf(factors))), rel_error)).toBeLessThan(1e-12);
  const run = cpAls(c.tensor, c.rank, {
    start: c.init,
    sweeps: c.converged.sweeps_run,
    tolerance: 0,
    method: plain,
  });
  // it ends where rounding hides what sweeps still change, TensorLy's goes on
  run.raw.forEach((f, mode) => close(f, c.converged.factors_raw[mode], 2e-6));
  expect(factorMatchScore(run, modelOf(c.true_factors))).toBeGreaterThan(1 - c.noise ** 2);
});

test("filled by hand after every sweep, with zeros before the first, the sweeps are those of TensorLy's mask", () => {
  const { tensor: x, mask, init, rank } = masked as { tensor: Tensor; mask: Tensor; init: Matrix[]; rank: number };
  let full: Tensor = hadamard(x, mask),
    start = init;
  for (const want of [masked.after_1_sweep, masked.after_2_sweeps]) {
    start = [...cpAls(full, rank, { start, sweeps: 1, tolerance: 0, method: plain }).raw];
    start.forEach((f, mode) => close(f, want[mode], 1e-12));
    const model = cpToTensor(modelOf(start));
    full = { shape: x.shape, data: x.data.map((value, i) => (mask.data[i] ? value : model.data[i])) };
  }
});

test("both ways with missing entries end at the model of TensorLy, and its errors are of that model", () => {
  const { tensor: x, mask, init, rank, converged } = masked as Oracle,
    missing = { shape: mask.shape, data: mask.data.map((m: number) => 1 - m) };
  for (const missingEntries of ["exact", "impute"] as const) {
    const run = cpAls(x, rank, { mask, start: init, missing: missingEntries, sweeps: 4000, tolerance: 0 }),
      model = cpToTensor(run);
    close(model, converged.reconstruction, 1e-8);
    expect(ratio(run.relativeError, converged.observed_rel_error)).toBeLessThan(1e-10);
    expect(ratio(far(x, model, missing), converged.missing_rel_error)).toBeLessThan(1e-8);
  }
  close(cpToTensor(modelOf(converged.factors_raw)), converged.reconstruction, 1e-13);
  // theirs counts the filled entries as data that fit
  expect(converged.tensorly_reported_error).toBeLessThan(converged.observed_rel_error);
});

test("exact non-negative updates end where TensorLy's do, multiplicative ones near it", () => {
  const { tensor: x, init, rank, hals_converged: end } = nonneg as Oracle;
  const run = (sweeps: number, tolerance: number, exact: boolean) =>
    cpAls(x, rank, {
      start: init,
      constraints: [0, 1, 2].map(() => nonNegative({ exact })),
      sweeps,
      tolerance,
    });
  const once = run(1, 0, true);
  once.raw.forEach((f, mode) => close(f, nonneg.hals_exact_after_1_sweep[mode], 1e-12));
  // its HALS stops inner passes at a tolerance of 1e-8 of the first
  once.raw.forEach((f, mode) => close(f, nonneg.hals_after_1_sweep[mode], 1e-6));
  for (const exact of [true, false]) {
    const last = run(5000, 1e-14, exact);
    expect(ratio(last.relativeError, end.rel_error)).toBeLessThan(1e-9);
    expect(last.relativeError).toBeLessThan(nonneg.multiplicative_after_5000.rel_error);
    close(last.weights, end.weights_canonical, 1e-5);
    last.factors.forEach((f, mode) => close(f, end.factors_canonical[mode], 1e-5));
    expect(Math.min(...last.factors.map(({ data }) => Math.min(...data)))).toBe(end.min_entry);
  }
  // one multiplicative update of every mode is no sweep of ours: it lowers the error less
  const multiplied = far(x, cpToTensor(modelOf(nonneg.multiplicative_after_1_sweep)));
  expect(once.relativeError).toBeLessThan(multiplied);
  expect(multiplied).toBeLessThan(far(x, cpToTensor(modelOf(init))));
});

test("exact updates and rounds over columns end at the error of TensorLy's HALS: no component dies", () => {
  for (const { x, rank, start, error } of oracle("non-negative-cp").cases)
    for (const exact of [true, false]) {
      const constraints = [0, 1, 2].map(() => nonNegative({ exact })),
        found = cpAls(x, rank, { start, constraints, sweeps: 5000, tolerance: 1e-10 });
      expect(found.relativeError / error - 1, `exact ${exact}`).toBeLessThan(1e-5);
      expect(Math.min(...found.weights.data)).toBeGreaterThan(0);
    }
});

test("a Tucker model that has converged is TensorLy's", () => {
  const found = tucker(hooi.tensor, hooi.rank, { tolerance: 1e-14, sweeps: 500 });
  close(tuckerToTensor(found), hooi.hooi.reconstruction, 1e-9);
});
