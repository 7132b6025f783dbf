import { describe, expect, test } from "vitest";
import { random } from "../../src/base";
import { cpAls } from "../../src/decompose";
import { coreConsistency, cpToTensor, type Cp } from "../../src/factored";
import { pseudoInverse } from "../../src/linalg";
import { tensor, zeros, type Tensor } from "../../src/tensor";

const shape = [9, 8, 7],
  draw = random(4, "masked core consistency");
const matrix = (rows: number, columns: number) =>
  tensor(
    [rows, columns],
    Array.from({ length: rows * columns }, () => draw.normal()),
  );
const planted: Cp = { weights: tensor([2], [3, 2]), factors: shape.map((n) => matrix(n, 2)) };
const noisy: Tensor = { shape, data: cpToTensor(planted).data.map((value) => value + 0.3 * draw.normal()) };
const mask: Tensor = { shape, data: noisy.data.map(() => (draw.uniform() < 0.8 ? 1 : 0)) };
const holey: Tensor = { shape, data: noisy.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)) };

/** The definition by sums: G - I is the observed residual, contracted with each pseudo-inverse. */
function bySums({ weights, factors }: Cp): number {
  const rank = weights.shape[0],
    model = cpToTensor({ weights, factors }).data,
    [a, b, c] = factors.map((f) => pseudoInverse(f));
  let squares = 0;
  for (let p = 0; p < rank; p++)
    for (let q = 0; q < rank; q++)
      for (let r = 0; r < rank; r++) {
        let difference = 0;
        noisy.data.forEach((value, at) => {
          if (mask.data[at] === 0) return;
          const k = at % 7,
            j = Math.floor(at / 7) % 8,
            i = Math.floor(at / 56);
          const inverse = (a.data[p * 9 + i] * b.data[q * 8 + j] * c.data[r * 7 + k]) / weights.data[r];
          difference += (value - model[at]) * inverse;
        });
        squares += difference * difference;
      }
  return 100 * (1 - squares / rank);
}

describe("coreConsistency over the observed entries", () => {
  test("is the definition by sums, whatever stands where nothing is observed", () => {
    const masked = coreConsistency(holey, planted, mask);
    expect(Math.abs(masked - bySums(planted))).toBeLessThan(1e-9);
    expect(Math.abs(masked - coreConsistency(noisy, planted))).toBeGreaterThan(1e-6);
    const ones: Tensor = { shape, data: new Float64Array(9 * 8 * 7).fill(1) };
    expect(coreConsistency(noisy, planted, ones)).toBe(coreConsistency(noisy, planted));
  });

  test("has no unit, as without a mask", () => {
    const scale = 2 ** 600,
      large: Tensor = { shape, data: holey.data.map((value) => value * scale) };
    const model: Cp = { weights: tensor([2], [3 * scale, 2 * scale]), factors: planted.factors };
    expect(Math.abs(coreConsistency(large, model, mask) - coreConsistency(holey, planted, mask))).toBeLessThan(1e-9);
  });

  test("refuses an observed NaN and a mask of zeros", () => {
    expect(() => coreConsistency(holey, planted)).toThrow("coreConsistency: expected finite entries in x, got NaN");
    expect(() => coreConsistency(noisy, planted, zeros(shape))).toThrow("coreConsistency: expected an observed entry");
  });

  test("tells too many components from the right number, where three tenths are missing", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const stream = random(seed, "too many components"),
        sizes = [9, 8, 7],
        // rates about 1 in every mode, so that a component too many shares parts with the others
        factors = sizes.map((n) =>
          tensor(
            [n, 2],
            Array.from({ length: 2 * n }, () => 1 + 0.4 * stream.normal()),
          ),
        );
      const rates = cpToTensor({ weights: tensor([2], [3, 2]), factors }).data.map((v) => v + 0.1 * stream.normal()),
        seen: Tensor = { shape: sizes, data: rates.map(() => (stream.uniform() < 0.3 ? 0 : 1)) },
        x: Tensor = { shape: sizes, data: rates.map((value, i) => (seen.data[i] === 0 ? NaN : value)) };
      const at = (rank: number) =>
        coreConsistency(x, cpAls(x, rank, { mask: seen, seed: 1, starts: 2, sweeps: 150 }), seen);
      expect(at(2)).toBeGreaterThan(99.9); // the right number
      expect(at(3)).toBeLessThan(0);
      expect(at(4)).toBeLessThan(0);
    }
  });
});
