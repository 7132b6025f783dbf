import { expect, test } from "vitest";
import { coupledCp } from "../../src/coupled";
import { cpAls, hardSparsity, monotone, nonNegative, unimodal, type CpConstraint } from "../../src/decompose";
import { addNoise, canonical, cpToTensor, randomCp, type Cp } from "../../src/factored";
import { gcp } from "../../src/gcp";
import { parafac2, parafac2ToTrials } from "../../src/ragged";
import { cpAlsSparse, sparseOf } from "../../src/sparse";
import { norm, subtract, type Matrix, type Tensor } from "../../src/tensor";
import { sweep } from "../support/sweep";

const isPositive = ({ data }: Matrix) => data.every((value) => value >= 0),
  rises = ({ shape: [, rank], data }: Matrix) => data.every((value, i) => i < rank || value >= data[i - rank]),
  positive = nonNegative(),
  x = addNoise(cpToTensor(randomCp([7, 6, 8], 3, { seed: 2 })), 0.1, { seed: 3 });

/** The error that is said is that of the factors, whatever became of signs. */
function honest(cp: Cp & { readonly relativeError: number }, of: Tensor): void {
  expect(norm(subtract(cpToTensor(cp), of)) / norm(of)).toBeCloseTo(cp.relativeError, 8);
}

const freeModes = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]].map((free) => ({
  free,
  constraints: [0, 1, 2].map((mode) => (free.includes(mode) ? undefined : positive)),
}));

test.each(freeModes)("factors that are non-negative in all modes but $free are so in results", ({ constraints }) => {
  const bounds = constraints.map((constraint) => (constraint ? { least: 0 } : undefined));
  for (const found of [
    cpAls(x, 3, { constraints, sweeps: 30, seed: 1 }),
    cpAlsSparse(sparseOf(x), 3, { constraints, sweeps: 30, seed: 1 }),
    gcp(x, 3, { bounds, steps: 20, seed: 1 }),
  ]) {
    honest(found, x);
    constraints.forEach((constraint, mode) => {
      if (constraint) expect(isPositive(found.factors[mode])).toBe(true);
    });
    expect(found.weights.data.every((w) => w >= 0 || constraints.every(Boolean))).toBe(true);
  }
});

test.each([
  ["rising", [undefined, undefined, monotone()]],
  ["rising, beside non-negative ones", [positive, monotone(), undefined]],
  ["rising, the only one that is not free", [monotone(), undefined, undefined]],
] as [string, (CpConstraint | undefined)[]][])("columns that rise do so in results: %s", (_, constraints) =>
  sweep(({ seed }) => {
    const found = cpAls(x, 2, { constraints, sweeps: 15, seed });
    honest(found, x);
    constraints.forEach((constraint, mode) => {
      if (constraint) expect((constraint === positive ? isPositive : rises)(found.factors[mode])).toBe(true);
    });
  }, 8),
);

test("where every mode keeps its signs, a weight is below 0 where its component is", () => {
  const falls: Tensor = { shape: [2, 2], data: Float64Array.of(-1, -2, -2, -4) },
    negative: CpConstraint = {
      name: "negative",
      update: (normal, products) => ({
        shape: products.shape,
        data: products.data.map((value) => Math.min(-1e-3, value / normal.data[0])),
      }),
    },
    found = cpAls(falls, 1, { constraints: [negative, positive], sweeps: 20 });
  expect([...found.factors[0].data].every((value) => value < 0)).toBe(true);
  expect(isPositive(found.factors[1])).toBe(true);
  honest(found, falls);
});

test("tensors that share a factor, and trials of different lengths, keep the signs that constraints want", () => {
  const matrix = addNoise(cpToTensor(randomCp([7, 9], 3, { seed: 5 })), 0.1, { seed: 3 });
  for (const constraints of [{ own: positive }, { shared: positive }, { own: positive, shared: positive }]) {
    const found = coupledCp([x, matrix], [0, 0], 2, { constraints, sweeps: 40 });
    found.models.forEach(({ factors, weights }, i) => {
      factors.forEach((f, mode) => {
        if (mode === 0 ? "shared" in constraints : "own" in constraints) expect(isPositive(f)).toBe(true);
      });
      honest({ weights, factors, relativeError: found.errors[i] }, [x, matrix][i]);
    });
  }
  const trials = Array.from({ length: 9 }, (_, k) => cpToTensor(randomCp([8 + (k % 3), 6], 2, { seed: k })) as Matrix);
  for (const units of [monotone(), unimodal({ nonNegative: false }), hardSparsity(4)]) {
    const found = parafac2(trials, 2, { constraints: { trials: monotone(), units }, sweeps: 20, starts: 1 });
    expect(rises(found.factors[0])).toBe(true);
    if (units.name.startsWith("monotone")) expect(rises(found.factors[2])).toBe(true);
    const left = parafac2ToTrials(found).reduce((sum, trial, k) => sum + norm(subtract(trial, trials[k])) ** 2, 0),
      size = trials.reduce((sum, trial) => sum + norm(trial) ** 2, 0);
    expect(Math.sqrt(left / size)).toBeCloseTo(found.relativeError, 8);
  }
});

test("without constraints the canonical form is as it was", () =>
  sweep(({ seed }) => {
    const cp = randomCp([3, 4, 2], 3, { seed }),
      { factors } = canonical(cp);
    for (const { shape, data } of factors.slice(0, 2))
      for (let r = 0; r < shape[1]; r++) {
        const column = data.filter((_, i) => i % shape[1] === r);
        expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
      }
  }, 5));
