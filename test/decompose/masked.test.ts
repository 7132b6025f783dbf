import { expect, test } from "vitest";
import { cpAls, cpAlsSweeps, cpToTensor, random, tensor, type Matrix, type Tensor } from "../../src";
import { contraction } from "../../src/kernels";
import { oracle } from "../support/oracle";

const draw = (seed: number) => {
  const { normal, uniform } = random(seed, "masked");
  return {
    uniform,
    matrix: (rows: number, rank: number): Matrix =>
      tensor(
        [rows, rank],
        Array.from({ length: rows * rank }, () => normal()),
      ),
  };
};

/** A planted tensor, a fifth of which is missing: NaN, so that whoever reads it is found out. */
function planted(
  seed: number,
  shape: readonly number[],
  rank: number,
  noise: number,
): { x: Tensor; mask: Tensor; start: Matrix[] } {
  const { uniform, matrix } = draw(seed),
    x = cpToTensor({ weights: tensor([rank], new Array(rank).fill(1)), factors: shape.map((n) => matrix(n, rank)) });
  const mask = { shape, data: Float64Array.from(x.data, () => (uniform() < 0.2 ? 0 : 1)) };
  x.data.forEach((value, at) => (x.data[at] = mask.data[at] === 0 ? NaN : value + noise * (uniform() - 0.5)));
  return { x, mask, start: shape.map((n) => matrix(n, rank)) };
}

test.each(["exact", "impute"] as const)(
  "what is missing is never read, and the error over what is observed never rises: %s",
  (missing) => {
    const { x, mask, start } = planted(3, [9, 7, 8], 2, 0.5);
    const end = cpAls(x, 2, { mask, missing, start, sweeps: 60, tolerance: 0 });
    // rounding of a sum of 500 terms
    end.trace.slice(1).forEach((error, at) => expect(error).toBeLessThanOrEqual(end.trace[at] + 1e-12));
    const model = cpToTensor(end);
    let off = 0,
      size = 0;
    x.data.forEach((value, at) => {
      if (!mask.data[at]) return;
      off += (value - model.data[at]) ** 2;
      size += value ** 2;
    });
    // both are direct sums, or differ by rounding near 1e-13
    expect(end.relativeError).toBeCloseTo(Math.sqrt(off / size), 10);
  },
);

test("a planted tensor without noise is found where it is missing", () => {
  const { x, mask, start } = planted(5, [10, 9, 8], 2, 0),
    whole = cpToTensor({
      weights: tensor([2], [1, 1]),
      factors: (({ matrix }) => [10, 9, 8].map((n) => matrix(n, 2)))(draw(5)),
    });
  const found = cpToTensor(cpAls(x, 2, { mask, start, sweeps: 500, tolerance: 0 }));
  // an iterative solve that ends at the rounding floor of the error
  whole.data.forEach((value, at) => expect(Math.abs(found.data[at] - value)).toBeLessThan(1e-6));
});

test("after an exact sweep the last factor solves the normal equations of the observed entries of each row", () => {
  const { x, mask, start } = planted(8, [5, 6, 7], 3, 1),
    [
      {
        raw: [a, b, c],
      },
    ] = [...cpAlsSweeps(x, 3, { mask, start, sweeps: 1 })];
  for (let k = 0; k < 7; k++)
    for (let r = 0; r < 3; r++) {
      let slope = 0,
        scale = 0; // of the squared error in c[k, r]
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < 6; j++) {
          const at = (i * 6 + j) * 7 + k,
            w = a.data[i * 3 + r] * b.data[j * 3 + r];
          if (mask.data[at] === 0) continue;
          let residual = x.data[at];
          for (let s = 0; s < 3; s++) residual -= a.data[i * 3 + s] * b.data[j * 3 + s] * c.data[k * 3 + s];
          slope += w * residual;
          scale += Math.abs(w * residual);
        }
      // normal equations of condition up to 1e3, solved to rounding
      expect(Math.abs(slope)).toBeLessThanOrEqual(1e-9 * scale + 1e-12);
    }
});

test("a contraction streams matrices of any shape, wider than a slab too", () => {
  const { matrix } = draw(2);
  for (const [rows, columns, rank] of [
    [1, 1, 1],
    [7, 3, 2],
    [5, 9001, 3],
    [2, 20000, 1],
    [4099, 9, 5],
    [13, 250, 4],
  ]) {
    const x = matrix(rows, columns),
      cT = matrix(rank, columns),
      w = matrix(rows, rank),
      passes = contraction(x.data, rows, columns),
      right = passes.right(cT.data, rank),
      left = passes.leftT(w.data, rank);
    for (let r = 0; r < rank; r++) {
      for (let i = 0; i < rows; i += 1 + (rows >> 3)) {
        let sum = 0,
          size = 0;
        for (let k = 0; k < columns; k++)
          [sum, size] = [
            sum + x.data[i * columns + k] * cT.data[r * columns + k],
            size + Math.abs(x.data[i * columns + k] * cT.data[r * columns + k]),
          ];
        expect(Math.abs(right[i * rank + r] - sum)).toBeLessThanOrEqual(1e-12 * size); // another order of the same sum
      }
      for (let k = 0; k < columns; k += 1 + (columns >> 3)) {
        let sum = 0,
          size = 0;
        for (let i = 0; i < rows; i++)
          [sum, size] = [
            sum + w.data[i * rank + r] * x.data[i * columns + k],
            size + Math.abs(w.data[i * rank + r] * x.data[i * columns + k]),
          ];
        expect(Math.abs(left[r * columns + k] - sum)).toBeLessThanOrEqual(1e-12 * size);
      }
    }
  }
});

test(
  "from TensorLy's start on its masked tensor, imputing settles at its " +
    "error, and exact least squares at one no larger",
  () => {
    const {
      tensor: x,
      mask,
      init,
      rank,
      converged,
    } = oracle("cp").masked as {
      tensor: Tensor;
      mask: Tensor;
      init: Matrix[];
      rank: number;
      converged: { observed_rel_error: number; reconstruction: Tensor };
    };
    const exact = cpAls(x, rank, { mask, start: init, sweeps: 4000, tolerance: 0 }),
      imputed = cpAls(x, rank, { mask, start: init, missing: "impute", sweeps: 4000, tolerance: 0 });
    expect(exact.relativeError).toBeLessThan(converged.observed_rel_error + 1e-10);
    // both have run 4000 sweeps, which settle to about that
    expect(Math.abs(imputed.relativeError - converged.observed_rel_error)).toBeLessThan(1e-8);
    const model = cpToTensor(exact),
      scale = Math.max(...x.data.map(Math.abs));
    model.data.forEach((value, at) =>
      expect(Math.abs(value - converged.reconstruction.data[at])).toBeLessThan(1e-4 * scale),
    );
  },
);
