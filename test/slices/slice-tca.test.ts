import { describe, expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { sliceTca, sliceTcaSweeps, sliceTcaToTensor, type SliceRanks, type SliceTca } from "../../src/slices";
import { partOf } from "../../src/slices/part";
import { gram, norm, subtract, tensor, transpose, type Shape, type Tensor } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { draw as drawOf, sweep, type Draw } from "../support/sweep";

type Ranks = SliceRanks;

/** A random model of these ranks, entries through `entry`. */
function modelOf(draw: Draw, shape: Shape, ranks: Ranks, entry = (x: number) => x): SliceTca {
  const components = ranks.map((rank, mode) => {
    const vectors = draw.normal([shape[mode], rank]),
      slices = draw.normal([rank, ...shape.filter((_, m) => m !== mode)]);
    return {
      vectors: { shape: vectors.shape, data: vectors.data.map(entry) },
      slices: { shape: slices.shape, data: slices.data.map(entry) },
    };
  });
  return { components: components as unknown as SliceTca["components"] };
}
const noisy = (draw: Draw, x: Tensor, scale: number): Tensor => ({
  shape: x.shape,
  data: x.data.map((value) => value + scale * draw.normal([1]).data[0]),
});
const distance = (a: Tensor, b: Tensor): number => norm(subtract(a, b));
/** The sum over kinds of the squares of what their components make. */
const sizeOfParts = ({ components }: SliceTca, shape: Shape): number =>
  components.reduce((sum, kind, mode) => sum + partOf(kind, shape, mode).reduce((s, x) => s + x * x, 0), 0);

const shape = [8, 9, 7] as const;

describe("sliceTca", () => {
  test("fits planted components of all kinds without error, whatever their ranks", () => {
    sweep((draw) => {
      const ranks = [
          [1, 1, 1],
          [2, 0, 1],
          [0, 1, 2],
        ][draw.seed % 3] as unknown as Ranks,
        x = sliceTcaToTensor(modelOf(draw, shape, ranks)),
        found = sliceTca(x, ranks, { sweeps: 3000, tolerance: 1e-10 });
      expect(found.relativeError).toBeLessThan(1e-6);
      expect(distance(sliceTcaToTensor(found), x) / norm(x)).toBeLessThan(1e-6);
    }, 6);
  });
  test("reaches the error that slicetca's model reaches by L-BFGS, or a lower one", () => {
    const { x, ranks, errors } = oracle("slice-tca"),
      found = sliceTca(x, ranks, { starts: 6, sweeps: 4000, tolerance: 1e-12 });
    expect(found.relativeError).toBeLessThan(Math.min(...errors) + 1e-8);
    expect(distance(sliceTcaToTensor(found), x) / norm(x)).toBeCloseTo(found.relativeError, 12);
  });
  test("never raises the error, with missing entries too, which are never read", () => {
    const draw = drawOf(3),
      truth = sliceTcaToTensor(modelOf(draw, shape, [1, 1, 0])),
      mask = tensor(
        shape,
        Array.from(truth.data, () => (draw.uniform() < 0.15 ? 0 : 1)),
      ),
      holed = { shape, data: truth.data.map((value, i) => (mask.data[i] ? value : NaN)) };
    for (const options of [{}, { mask }, { mask, nonNegative: true }]) {
      const x =
          "nonNegative" in options
            ? { shape, data: holed.data.map(Math.abs) }
            : "mask" in options
              ? holed
              : noisy(draw, truth, 0.3),
        trace = [...sliceTcaSweeps(x, [1, 1, 0], { ...options, sweeps: 150, tolerance: 0 })].map(
          (now) => now.relativeError,
        );
      trace.slice(1).forEach((now, i) => expect(now).toBeLessThanOrEqual(trace[i] + 1e-14));
    }
    const found = sliceTca(holed, [1, 1, 0], { mask, sweeps: 4000, tolerance: 1e-10 });
    expect(distance(sliceTcaToTensor(found), truth) / norm(truth)).toBeLessThan(1e-5);
  });
  test("parts are those with the least sum of squares, and components are orthogonal and sorted", () => {
    sweep((draw) => {
      const ranks = [
          [2, 1, 2],
          [1, 2, 0],
        ][draw.seed % 2] as unknown as Ranks,
        found = sliceTca(noisy(draw, sliceTcaToTensor(modelOf(draw, shape, ranks)), 0.2), ranks, {
          starts: 1,
          sweeps: 30,
        }),
        least = sizeOfParts(found, shape),
        parts = found.components.map((kind, mode) => partOf(kind, shape, mode));
      for (const { vectors, slices } of found.components) {
        const rank = vectors.shape[1],
          overlaps = gram(transpose({ shape: [rank, slices.data.length / Math.max(1, rank)], data: slices.data })).data;
        gram(vectors).data.forEach((g, i) => expect(g).toBeCloseTo(i % (rank + 1) === 0 ? 1 : 0, 10));
        for (let r = 0; r < rank; r++)
          for (let s = 0; s < rank; s++)
            if (r !== s) expect(Math.abs(overlaps[r * rank + s])).toBeLessThan(1e-9 * overlaps[0]);
        for (let r = 1; r < rank; r++)
          expect(overlaps[r * (rank + 1)]).toBeLessThanOrEqual(overlaps[(r - 1) * (rank + 1)]);
      }
      // any product of vectors of two kinds and a vector of the third mode, moved from one part to the other
      for (const [a, b] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        if (ranks[a] === 0 || ranks[b] === 0) continue;
        const va = found.components[a].vectors.data.filter((_, i) => i % ranks[a] === 0),
          vb = found.components[b].vectors.data.filter((_, i) => i % ranks[b] === 0),
          c = 3 - a - b,
          w = draw.normal([shape[c]]).data;
        const moved = Float64Array.from({ length: 8 * 9 * 7 }, (_, at) => {
          const index = [Math.floor(at / 63), Math.floor(at / 7) % 9, at % 7];
          return va[index[a]] * vb[index[b]] * w[index[c]];
        });
        for (const step of [0.01, -0.01]) {
          let size = 0;
          parts.forEach((part, mode) =>
            part.forEach((value, i) => {
              size += (value + (mode === a ? step : mode === b ? -step : 0) * moved[i]) ** 2;
            }),
          );
          expect(size).toBeGreaterThanOrEqual(least * (1 - 1e-12));
        }
      }
    }, 6);
  });
  test("the unique form does not depend on which of the equal models was found", () => {
    const draw = drawOf(5),
      x = sliceTcaToTensor(modelOf(draw, shape, [1, 1, 1])),
      [p, q] = [1, 2].map((seed) => sliceTca(x, [1, 1, 1], { seed, starts: 4, sweeps: 5000, tolerance: 1e-13 }));
    for (const mode of [0, 1, 2])
      expect(distance(p.components[mode].slices, q.components[mode].slices)).toBeLessThan(1e-4 * norm(x));
  });
  test("takes tensors of four modes: planted components without error, parts of the least sum of squares", () => {
    const sizes = [5, 6, 7, 8],
      ranks = [1, 0, 2, 3] as const,
      draw = drawOf(11),
      x = sliceTcaToTensor(modelOf(draw, sizes, ranks)),
      found = sliceTca(x, ranks, { sweeps: 3000, tolerance: 1e-10 }),
      least = sizeOfParts(found, sizes),
      parts = found.components.map((kind, mode) => partOf(kind, sizes, mode));
    expect(found.relativeError).toBeLessThan(1e-6);
    expect(distance(sliceTcaToTensor(found), x)).toBeLessThan(1e-6 * norm(x));
    expect(found.components.map(({ slices }) => slices.shape)).toEqual([
      [1, 6, 7, 8],
      [0, 5, 7, 8],
      [2, 5, 6, 8],
      [3, 5, 6, 7],
    ]);
    // what is a vector of two kinds times a matrix over the other modes moves between their parts
    for (const [a, b] of [
      [0, 2],
      [0, 3],
      [2, 3],
    ]) {
      const va = found.components[a].vectors,
        vb = found.components[b].vectors,
        rest = draw.normal(sizes).data;
      const moved = rest.map((_, at) => {
        const index = [Math.floor(at / 336), Math.floor(at / 56) % 6, Math.floor(at / 8) % 7, at % 8],
          beside = sizes.reduce((place, size, mode) => place * size + (mode === a || mode === b ? 0 : index[mode]), 0);
        return va.data[index[a] * va.shape[1]] * vb.data[index[b] * vb.shape[1]] * rest[beside];
      });
      for (const step of [0.01, -0.01]) {
        let size = 0;
        parts.forEach((part, mode) =>
          part.forEach((value, i) => {
            size += (value + (mode === a ? step : mode === b ? -step : 0) * moved[i]) ** 2;
          }),
        );
        expect(size).toBeGreaterThanOrEqual(least * (1 - 1e-12));
      }
    }
  });
  test("non-negative components are recovered as such", () => {
    const x = sliceTcaToTensor(modelOf(drawOf(7), shape, [1, 1, 0], Math.abs)),
      found = sliceTca(x, [1, 1, 0], { nonNegative: true, sweeps: 3000, tolerance: 1e-9 });
    for (const { vectors, slices } of found.components)
      for (const { data } of [vectors, slices]) expect(data.every((value) => value >= 0)).toBe(true);
    expect(found.relativeError).toBeLessThan(0.01);
  });
  test("an earlier result goes on where it was, in any unit, and one seed gives one result", () => {
    const draw = drawOf(9),
      x = noisy(draw, sliceTcaToTensor(modelOf(draw, shape, [1, 2, 1])), 0.2),
      half = sliceTca(x, [1, 2, 1], { starts: 1, sweeps: 10, tolerance: 0 }),
      more = sliceTca(x, [1, 2, 1], { start: structuredClone(half), sweeps: 10 }),
      tiny = sliceTca({ shape, data: x.data.map((value) => value * 2 ** -800) }, [1, 2, 1], {
        starts: 1,
        sweeps: 10,
        tolerance: 0,
      });
    expect(more.relativeError).toBeLessThanOrEqual(half.relativeError);
    expect(tiny.relativeError).toBeCloseTo(half.relativeError, 12);
    expect(sliceTca(x, [1, 2, 1], { sweeps: 5 })).toEqual(sliceTca(x, [1, 2, 1], { sweeps: 5 }));
  });
  test("wrong calls are refused", () => {
    const x = drawOf(1).normal([3, 4, 2]);
    for (const [work, text] of [
      [() => sliceTca(x, [4, 0, 0]), "the rank of mode 0"],
      [() => sliceTca(x, [0, 0, 0]), "at least one component"],
      [() => sliceTca(x, [1, 1] as never), "3 ranks"],
      [() => sliceTca({ shape: [1, 1, 2], data: new Float64Array([1, NaN]) }, [1, 0, 0]), "finite"],
      [() => sliceTca(x, [1, 0, 0], { start: sliceTca(x, [0, 1, 0]) }), "start with vectors 3 × 1, 4 × 0, 2 × 0"],
      [() => sliceTcaToTensor({ components: [] } as never), "three kinds"],
    ] as const) {
      expect(work).toThrow(LtrnnError);
      expect(work).toThrow(text);
    }
  });
});

test("a run goes on from a checkpoint to the bit; a result that was changed is refused", () => {
  const x = drawOf(8).normal([6, 5, 7]),
    mask = tensor(
      [6, 5, 7],
      Array.from(x.data, (_, i) => +(i % 5 !== 1)),
    );
  for (const more of [{}, { mask }, { nonNegative: true }]) {
    const options = { ...more, starts: 1, tolerance: 0 },
      whole = sliceTca(x, [1, 1, 1], { ...options, sweeps: 9 }),
      part = sliceTca(x, [1, 1, 1], { ...options, sweeps: 4 }),
      rest = sliceTca(x, [1, 1, 1], { ...options, sweeps: 5, start: structuredClone(part) });
    expect([rest.components, rest.raw]).toEqual([whole.components, whole.raw]);
    expect(rest.trace).toEqual(whole.trace.slice(4));
    const broken = { ...part, raw: [part.raw[1], part.raw[0], part.raw[2]] } as never;
    expect(() => sliceTca(x, [1, 1, 1], { start: broken })).toThrow("sliceTca: expected");
  }
});
