import { expect, test } from "vitest";
import { noExtrapolation } from "../../src/decompose";
import { orthonormalColumns } from "../../src/linalg";
import { balanced } from "../../src/slices/fit-part";
import type { FlatPart } from "../../src/slices/part";
import { flatParts, partsAhead, partsFrom, spansAhead } from "../../src/slices/slice-extrapolation";
import { matmul, norm, subtract, transpose, type Matrix } from "../../src/tensor";
import { close } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

const projector = (span: Matrix): Matrix => matmul(span, transpose(span));
const drawn = (draw: Draw): FlatPart[] =>
  [5, 4].map((size) => ({ vectors: draw.normal([size, 2]), slices: draw.normal([2, 6]) }));
const memory = (parts: readonly FlatPart[], length: number) => ({
  ...noExtrapolation(1, { factors: flatParts(parts), weights: new Float64Array() }),
  length,
});

test("spans move away from the earlier ones, whatever the bases of either; by no length they stay", () => {
  sweep((draw) => {
    const before = drawn(draw),
      now = before.map(({ vectors, slices }) => {
        const step = draw.normal(vectors.shape).data;
        return { slices, vectors: { shape: vectors.shape, data: vectors.data.map((v, i) => v + 0.01 * step[i]) } };
      }),
      mixed = (parts: readonly FlatPart[]) =>
        parts.map(({ vectors, slices }) => ({ slices, vectors: matmul(vectors, draw.normal([2, 2])) })),
      ahead = spansAhead(now, memory(before, 3)),
      other = spansAhead(mixed(now), memory(mixed(before), 3)),
      still = spansAhead(now, memory(before, 0));
    for (const mode of [0, 1]) {
      const [was, is, next] = [
        orthonormalColumns(before[mode].vectors),
        orthonormalColumns(now[mode].vectors),
        ahead[mode],
      ].map(projector);
      close(projector(other[mode]), next, 1e-9);
      close(projector(still[mode]), is, 1e-12);
      // four times as far, up to the curvature of spans
      const share = norm(subtract(next, was)) / norm(subtract(is, was));
      expect(share).toBeGreaterThan(3.5);
      expect(share).toBeLessThan(4.1);
    }
  }, 6);
});

test("non-negative components move whatever their scales, and no entry falls below zero", () => {
  sweep((draw) => {
    const positive = (parts: readonly FlatPart[]) =>
        partsFrom(flatParts(parts).map(({ shape, data }) => ({ shape, data: data.map(Math.abs) }))),
      scaled = (parts: readonly FlatPart[]) =>
        parts.map(({ vectors, slices }) => ({
          vectors: { shape: vectors.shape, data: vectors.data.map((v) => v * 8) },
          slices: { shape: slices.shape, data: slices.data.map((v) => v / 8) },
        })),
      [before, now] = [positive(drawn(draw)), positive(drawn(draw))],
      ahead = flatParts(partsAhead(now, memory(before, 2))),
      other = flatParts(partsAhead(scaled(now), memory(before, 2))),
      [from, to] = [flatParts(before.map(balanced)), flatParts(now.map(balanced))];
    ahead.forEach(({ data }, k) => {
      close(other[k], ahead[k], 1e-12);
      data.forEach((value, i) => expect(value).toBeCloseTo(Math.max(0, 3 * to[k].data[i] - 2 * from[k].data[i]), 12));
    });
    expect(ahead.some(({ data }) => data.includes(0))).toBe(true);
  }, 6);
});
