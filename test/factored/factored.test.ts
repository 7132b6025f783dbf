import { expect, test } from "vitest";
import { readNpz, writeNpz } from "../../src/data";
import {
  canonical,
  componentVariance,
  congruenceMatrix,
  cpFromArrays,
  cpToArrays,
  cpToTensor,
  factorMatchScore,
  leverage,
  matchComponents,
  type Cp,
} from "../../src/factored";
import { orthonormalBasis } from "../../src/linalg";
import { matmul, norm, tensor, transpose, type Matrix, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";
import { sweep, type Draw } from "../support/sweep";

const { algebra } = oracle("cp");
const named = (cases: Oracle[]) => cases.map((c, i) => ({ name: c.label ?? `${c.shape.join(" × ")}, case ${i}`, c }));
const ones = (rank: number) => tensor([rank], new Float64Array(rank).fill(1));
const planted = (draw: Draw, shape: readonly number[], rank: number): Cp => ({
  weights: ones(rank),
  factors: shape.map((size) => draw.normal([size, rank])),
});

const far = (x: Tensor, model: Tensor, mask?: Tensor) => {
  let off = 0,
    size = 0;
  x.data.forEach((value, at) => {
    if (mask?.data[at] === 0) return;
    off += (value - model.data[at]) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(off / size);
};

/** A planted tensor with noise of this part of its norm. */
function noisy(draw: Draw, truth: Cp, noise: number): Tensor {
  const x = cpToTensor(truth),
    e = draw.normal(x.shape),
    scale = (noise * norm(x)) / norm(e);
  return { shape: x.shape, data: x.data.map((value, at) => value + scale * e.data[at]) };
}

test.each<Oracle>(named(algebra))("cpToTensor agrees with TensorLy: $name", ({ c }) => {
  close(cpToTensor({ weights: ones(c.rank), factors: c.factors }), c.cp_to_tensor, 1e-14);
  close(cpToTensor({ weights: c.weights, factors: c.factors }), c.cp_to_tensor_weighted, 1e-14);
});

test("canonical form keeps the tensor, has unit columns and positive largest entries but in the last mode", () =>
  sweep((draw) => {
    const rank = draw.int(1, 4),
      cp = { ...planted(draw, [4, 3, 5], rank), weights: draw.normal([rank]) };
    const form = canonical(cp);
    close(cpToTensor(form), cpToTensor(cp), 1e-13);
    expect([...form.weights.data].sort((a, b) => b - a)).toEqual([...form.weights.data]);
    form.factors.forEach((f, mode) => {
      for (let r = 0; r < rank; r++) {
        const column = Array.from({ length: f.shape[0] }, (_, i) => f.data[i * rank + r]);
        expect(Math.hypot(...column)).toBeCloseTo(1, 12);
        if (mode < 2) expect(Math.max(...column)).toBeGreaterThanOrEqual(-Math.min(...column));
      }
    });
  }));

test("the match of components is the best of all permutations", () =>
  sweep((draw) => {
    const rank = draw.int(1, 5),
      [a, b] = [planted(draw, [3, 4], rank), planted(draw, [3, 4], rank)];
    const { score, assignment, congruences } = matchComponents(a, b);
    const pick = (order: number[]): Cp => ({
      weights: ones(rank),
      factors: b.factors.map((f) => ({
        shape: f.shape,
        data: f.data.map((_, at) => f.data[at - (at % rank) + order[at % rank]]),
      })),
    });
    const scoreInOrder = (order: number[]) => {
      const other = pick(order);
      let sum = 0;
      for (let r = 0; r < rank; r++)
        sum += [0, 1].reduce((product, mode) => {
          const col = (f: Matrix) => Array.from({ length: f.shape[0] }, (_, i) => f.data[i * rank + r]);
          const [x, y] = [col(a.factors[mode]), col(other.factors[mode])];
          return (
            product * Math.abs(x.reduce((s, value, i) => s + value * y[i], 0) / Math.hypot(...x) / Math.hypot(...y))
          );
        }, 1);
      return sum / rank;
    };
    const permutations = (items: number[]): number[][] =>
      items.length < 2
        ? [items]
        : items.flatMap((item, i) =>
            permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
          );
    const best = Math.max(...permutations(Array.from({ length: rank }, (_, r) => r)).map(scoreInOrder));
    expect(score).toBeCloseTo(best, 12);
    expect(scoreInOrder(assignment.filter((s) => s !== null))).toBeCloseTo(score, 12);
    expect(congruences.reduce((sum, value) => sum + value, 0) / rank).toBeCloseTo(score, 12);
    expect(factorMatchScore(a, a, { modes: [1] })).toBeCloseTo(1, 12);
  }));

test("decompositions go to the arrays of TensorLy and tensortools and back, through npz files", () =>
  sweep((draw) => {
    const cp: Cp = {
      weights: tensor([2], [3, 0.5]),
      factors: [draw.normal([4, 2]), draw.normal([3, 2]), draw.normal([5, 2])],
    };
    const through = (layout: "tensorly" | "tensortools") =>
      cpFromArrays(readNpz(writeNpz(cpToArrays(cp, layout))) as never);
    expect(through("tensorly")).toEqual(cp);
    const plain = through("tensortools");
    expect([...plain.weights.data]).toEqual([1, 1]);
    close(cpToTensor(plain), cpToTensor(cp), 1e-14);
  }, 4));

test("congruences, variances and leverages are what their definitions say", () =>
  sweep((draw) => {
    const cp: Cp = {
        weights: draw.normal([3]) as never,
        factors: [draw.normal([6, 3]), draw.normal([5, 3]), draw.normal([4, 3])],
      },
      x = noisy(draw, cp, 0.3),
      whole = norm(x) ** 2;
    const only = (keep: (r: number) => boolean): Tensor =>
      cpToTensor({
        ...cp,
        weights: tensor(
          [3],
          Array.from(cp.weights.data, (w, r) => (keep(r) ? w : 0)),
        ),
      });
    const parts = [0, 1, 2].map((r) => only((s) => s === r)),
      inner = (a: Tensor, b: Tensor) => a.data.reduce((sum, value, at) => sum + value * b.data[at], 0);
    close(
      congruenceMatrix(cp),
      tensor(
        [3, 3],
        parts.flatMap((p) => parts.map((q) => inner(p, q) / norm(p) / norm(q))),
      ),
      1e-12,
    );
    const { alone, lost, total } = componentVariance(x, cp),
      explained = (model: Tensor) => 1 - (far(x, model) ** 2 * norm(x) ** 2) / whole;
    expect(total).toBeCloseTo(explained(only(() => true)), 10);
    [0, 1, 2].forEach((r) => {
      expect(alone[r]).toBeCloseTo(explained(parts[r]), 10);
      expect(lost[r]).toBeCloseTo(total - explained(only((s) => s !== r)), 10);
    });
    const f = cp.factors[0],
      h = leverage(f).data,
      basis = orthonormalBasis(f),
      leverageMatrix = matmul(basis, transpose(basis));
    expect(h.reduce((a, b) => a + b, 0)).toBeCloseTo(3, 10);
    close(matmul(leverageMatrix, f), f, 1e-10);
    h.forEach((value, i) => expect(value).toBeCloseTo(leverageMatrix.data[i * 7], 10));
  }, 5));

test("the leverage of ill-conditioned columns keeps its digits, and units of columns do not count", () => {
  // columns (1, 1, 1, 1), (1, 1, 1, 1 + d), by hand: the second adds the direction (-1, -1, -1, 3) / sqrt(12)
  const d = 1e-9,
    f = tensor([4, 2], [1, 1, 1, 1, 1, 1, 1, 1 + d]),
    want = [1 / 3, 1 / 3, 1 / 3, 1];
  const h = leverage(f).data;
  want.forEach((value, i) => expect(h[i]).toBeCloseTo(value, 6)); // rounding of 1 + d is 1e-7 of d
  const scaled = tensor(
    [4, 2],
    Array.from(f.data, (value, i) => (i % 2 === 0 ? 1e200 * value : 1e-200 * value)),
  );
  want.forEach((value, i) => expect(leverage(scaled).data[i]).toBeCloseTo(value, 6));
  // of rank one
  expect([...leverage(tensor([3, 2], [1, 2, 2, 4, 2, 4])).data].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});
