import { expect, test } from "vitest";
import { numericalRank, singularValues } from "../../src/linalg";
import { type Matrix, type Tensor, type Tensor3, tensor, unfold } from "../../src/tensor";
import { rotatedIncrements } from "../../src/theory";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("rotated increments keep the first slice and the spectrum of every step, but not shared directions", () =>
  sweep((draw) => {
    const [a, b, c] = [8, 8, 6].map((size) => draw.normal([size]).data);
    const changes: Tensor3 = tensor(
      [8, 8, 6],
      Array.from({ length: 384 }, (_, i) => a[Math.floor(i / 48)] * b[Math.floor(i / 6) % 8] * c[i % 6]),
    );
    const rotated = rotatedIncrements(changes, draw.seed);
    const step = (x: Tensor, k: number): Matrix => ({
      shape: [8, 8],
      data: Float64Array.from({ length: 64 }, (_, at) => x.data[at * 6 + k] - x.data[at * 6 + k - 1]),
    });
    for (let k = 1; k < 6; k++)
      close(tensor([8], singularValues(step(rotated, k))), tensor([8], singularValues(step(changes, k))), 1e-12);
    for (let at = 0; at < 64; at++) expect(rotated.data[at * 6]).toBe(changes.data[at * 6]);
    expect(numericalRank(unfold(changes, 0), { tolerance: 1e-10 }).rank).toBe(1);
    expect(numericalRank(unfold(rotated, 0), { tolerance: 1e-10 }).rank).toBeGreaterThan(1);
    expect(rotatedIncrements(changes, draw.seed)).toEqual(rotated);
  }, 10));
