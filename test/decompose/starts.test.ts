import { expect, test } from "vitest";
import { cpAls, cpAlsSweeps, cpOptionsFrom, nonNegative, startCp } from "../../src/decompose";
import { nndsvdStart } from "../../src/decompose/nndsvd-start";
import { cpToTensor, factorMatchScore, type Cp } from "../../src/factored";
import { norm, subtract, tensor, type Tensor } from "../../src/tensor";
import { close, distance } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";
import { draw, sweep, type Draw } from "../support/sweep";

const cases: Oracle[] = oracle("nndsvd").cases;

const planted = ({ normal, uniform }: Draw, shape: readonly number[], rank: number, positive = false): Cp => ({
  weights: tensor([rank], new Float64Array(rank).fill(1)),
  factors: shape.map((size) =>
    positive ? tensor([size, rank], Array.from({ length: size * rank }, uniform)) : normal([size, rank]),
  ),
});

/** A planted tensor with holes, which hold NaN. */
function holey(
  d: Draw,
  truth: Cp,
  share: number,
): { readonly x: Tensor; readonly mask: Tensor; readonly whole: Tensor } {
  const whole = cpToTensor(truth),
    mask = tensor(
      [...whole.shape],
      Array.from(whole.data, () => (d.uniform() < share ? 0 : 1)),
    ),
    x = tensor(
      [...whole.shape],
      whole.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)),
    );
  return { x, mask, whole };
}

const far = (a: Tensor, b: Tensor) => norm(subtract(a, b)) / norm(b);

test.each(cases.map((c, i) => ({ name: `${i}: ${c.x.shape.join(" × ")}`, c })))(
  "non-negative parts of singular vectors agree with numpy: case $name",
  ({ c }) => {
    nndsvdStart(c.x, c.rank, 3).forEach((f, mode) => close(f, c.factors[mode], 1e-9));
  },
);

test("columns past a mode's size are drawn, at least 0 for non-negative starts", () => {
  const d = draw(2),
    x = cpToTensor(planted(d, [2, 6, 7], 4, true)),
    [first, again, other] = [5, 5, 6].map((seed) => nndsvdStart(x, 4, seed));
  expect(first!.every(({ data }) => data.every((value) => value >= 0))).toBe(true);
  expect(first![0]!.data.filter((_, i) => i % 4 > 1).every((value) => value > 0)).toBe(true);
  expect(first).toEqual(again);
  expect(first![0]).not.toEqual(other![0]);
});

test("the weights of a start are least squares for its factors, and of at least 0 for non-negative ones", () =>
  sweep((d) => {
    const rank = d.int(1, 3),
      x = d.normal([4, 5, 6]);
    for (const kind of ["random", "hosvd", "nndsvd"] as const) {
      const start = startCp(x, rank, { kind, seed: d.seed }),
        left = subtract(x, cpToTensor(start));
      for (let r = 0; r < rank; r++) {
        const alone = componentOf(start, r),
          slope = left.data.reduce((sum, value, i) => sum + value * alone.data[i]!, 0);
        if (kind !== "nndsvd" || start.weights.data[r]! > 0) expect(Math.abs(slope)).toBeLessThan(1e-9 * norm(x));
        else expect(slope).toBeLessThan(1e-9 * norm(x)); // no descent into what must not be below 0
      }
      if (kind === "nndsvd") {
        expect(start.weights.data.every((w) => w >= 0)).toBe(true);
        expect(start.factors.every(({ data }) => data.every((value) => value >= 0))).toBe(true);
      }
    }
  }, 10));

function componentOf({ weights, factors }: Cp, r: number): Tensor {
  const rank = weights.shape[0];
  return cpToTensor({
    weights: tensor([1], [1]),
    factors: factors.map(({ shape, data }) =>
      tensor(
        [shape[0], 1],
        data.filter((_, i) => i % rank === r),
      ),
    ),
  });
}

test("a start of a tensor of one component is that component, in any unit, with entries missing too", () => {
  const d = draw(4),
    truth = planted(d, [6, 7, 8], 1, true);
  for (const unit of [1, 2 ** -600, 2 ** 500])
    for (const kind of ["hosvd", "nndsvd"] as const) {
      const whole = cpToTensor({ ...truth, weights: tensor([1], [unit]) }),
        { x, mask } = holey(d, { ...truth, weights: tensor([1], [unit]) }, 0.3);
      expect(distance(cpToTensor(startCp(whole, 1, { kind })).data, whole.data)).toBeLessThan(1e-12);
      // ten rounds of filling in
      expect(distance(cpToTensor(startCp(x, 1, { kind, mask })).data, whole.data)).toBeLessThan(0.05);
    }
});

test("singular vectors of an incomplete tensor are near to those of the whole one; holes are not read", () =>
  sweep((d) => {
    const truth = planted(d, [9, 10, 11], 2),
      { x, mask, whole } = holey(d, truth, 0.3),
      ofWhole = far(cpToTensor(startCp(whole, 2)), whole),
      ofHoles = far(cpToTensor(startCp(x, 2, { mask })), whole),
      zeros = tensor(
        [...x.shape],
        x.data.map((value) => (Number.isNaN(value) ? 0 : value)),
      ),
      ofZeros = far(cpToTensor(startCp(zeros, 2)), whole);
    expect(ofHoles).toBeLessThan(ofWhole + 0.25); // ten rounds of filling in
    expect(ofHoles).toBeLessThan(ofZeros + 0.05);
    const other = tensor(
      [...x.shape],
      x.data.map((value) => (Number.isNaN(value) ? 7 : value)),
    );
    expect(startCp(other, 2, { mask })).toEqual(startCp(x, 2, { mask }));
  }, 5));

test("cpAls begins from them where entries are missing, ends at the truth, and its provenance makes it again", () => {
  const d = draw(5),
    truth = planted(d, [10, 9, 8], 3, true),
    { x, mask } = holey(d, truth, 0.4);
  for (const start of ["hosvd", "nndsvd"] as const) {
    const found = cpAls(x, 3, { start, mask, tolerance: 1e-9 });
    expect(factorMatchScore(found, truth)).toBeGreaterThan(0.999);
    expect(cpAls(x, 3, cpOptionsFrom(found.provenance, { mask }))).toEqual(found);
  }
  const imputed = cpAls(x, 3, { start: "hosvd", mask, missing: "impute", sweeps: 1000 });
  expect(factorMatchScore(imputed, truth)).toBeGreaterThan(0.99);
});

test("non-negative sweeps from a non-negative start begin lower than from random ones, on average", () => {
  let sum = 0;
  sweep((d) => {
    const x = cpToTensor(planted(d, [8, 9, 10], 3, true)),
      constraints = [nonNegative(), nonNegative(), nonNegative()],
      first = (start: "random" | "nndsvd") =>
        [...cpAlsSweeps(x, 3, { start, constraints, seed: d.seed, sweeps: 1 })][0]!.relativeError;
    sum += first("nndsvd") - first("random");
  }, 20);
  expect(sum / 20).toBeLessThan(0);
});

test("a start by a name that is none is refused with those there are", () => {
  const x = draw(1).normal([3, 3]);
  expect(() => cpAls(x, 1, { start: "svd" as never })).toThrow('expected start to be "random", "hosvd", "nndsvd"');
  expect(() => startCp(x, 1, { kind: "svd" as never })).toThrow("startCp: expected kind to be");
});
