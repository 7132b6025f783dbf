import { expect, test } from "vitest";
import { cpToTensor } from "../../src/factored";
import { kRank } from "../../src/linalg";
import { matmul, tensor, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { cpRankBounds, genericRank, kruskalUnique, maximalRankAtMost } from "../../src/theory";
import { draw, sweep, type Draw } from "../support/sweep";

const planted = (draw: Draw, shape: readonly [number, number, number], rank: number) => {
  const factors = shape.map((size) => draw.normal([size, rank]));
  return { factors, x: cpToTensor({ weights: tensor([rank], new Float64Array(rank).fill(1)), factors }) as Tensor3 };
};

test("bounds hold the planted rank between them, and the lower one reaches it up to the smaller two sizes", () =>
  sweep((draw) => {
    const shape = [draw.int(4, 7), draw.int(4, 7), draw.int(3, 7)] as const,
      rank = draw.int(1, 8);
    const { x } = planted(draw, shape, rank),
      { atLeast, atMost, multilinear } = cpRankBounds(x, { tolerance: 1e-9 });
    expect(atLeast).toBeLessThanOrEqual(rank);
    expect(atMost).toBeGreaterThanOrEqual(Math.min(rank, maximalRankAtMost(multilinear)));
    if (rank <= Math.max(...shape)) expect(atLeast).toBeGreaterThanOrEqual(Math.min(rank, Math.max(...shape)));
  }));

test("rounding of the sums over a long mode is no rank", () => {
  for (const seed of [49, 51, 63, 74, 111]) {
    const { atLeast, atMost } = cpRankBounds(planted(draw(seed), [2, 3, 3000], 1).x);
    expect([atLeast, atMost]).toEqual([1, 1]);
  }
});

test("where unfoldings saturate, the Koszul flattening sees more: rank 4 and 5 of 3 × 3 × 3", () =>
  sweep((draw) => {
    for (const rank of [4, 5]) {
      const { atLeast, multilinear, koszul } = cpRankBounds(planted(draw, [3, 3, 3], rank).x, { tolerance: 1e-9 });
      expect(multilinear).toEqual([3, 3, 3]);
      // ceil(9 / 2) = 5 is its ceiling
      expect(koszul).toEqual([4, 4, 4].map((floor) => Math.max(floor, rank === 5 ? 5 : 4)));
      expect(atLeast).toBe(rank);
    }
  }, 10));

test("2 × 2 matrix multiplication needs at least 6, of its true border rank 7, and a longer mode is projected", () => {
  const x = zeros([4, 4, 4]); // sum over i, j, k of e_ij ∘ e_jk ∘ e_ki
  for (let i = 0; i < 2; i++)
    for (let j = 0; j < 2; j++) for (let k = 0; k < 2; k++) x.data[((2 * i + j) * 4 + 2 * j + k) * 4 + 2 * k + i] = 1;
  const { atLeast, atMost } = cpRankBounds(x);
  expect(atLeast).toBe(6);
  expect(atMost).toBe(16);
});

test("the W state: unfoldings of rank 2, while its rank is 3 and its border rank 2", () => {
  const w = tensor([2, 2, 2], [0, 1, 1, 0, 1, 0, 0, 0]);
  expect(cpRankBounds(w)).toMatchObject({ atLeast: 2, atMost: 4, multilinear: [2, 2, 2], koszul: [0, 0, 0] });
});

test("generic ranks are those that are known", () => {
  const known: [readonly [number, number, number], number][] = [
    [[2, 2, 2], 2],
    [[2, 2, 3], 3],
    [[2, 2, 4], 4],
    [[2, 3, 3], 3],
    [[2, 3, 4], 4],
    [[3, 3, 3], 5],
    [[3, 3, 4], 5],
    [[3, 4, 4], 6],
    [[3, 5, 5], 8],
    [[4, 4, 4], 7],
    [[3, 3, 20], 9],
    [[1, 5, 7], 5],
    [[5, 5, 5], 10],
  ];
  for (const [shape, rank] of known) expect(genericRank(shape), shape.join(" × ")).toBe(rank);
  expect(maximalRankAtMost([3, 3, 3])).toBe(9);
});

test("k-ranks count sets of columns: all, none that are parallel, none with a zero", () =>
  sweep((draw) => {
    const rows = draw.int(2, 5),
      columns = draw.int(2, 6),
      m = draw.normal([rows, columns]);
    expect(kRank(m)).toBe(Math.min(rows, columns)); // general position
    const twin: Matrix = {
      shape: m.shape,
      data: m.data.map((x, at) => (at % columns === columns - 1 ? -3 * m.data[at - columns + 1] : x)),
    };
    expect(kRank(twin)).toBe(1);
    expect(kRank({ shape: m.shape, data: m.data.map((x, at) => (at % columns === 0 ? 0 : x)) })).toBe(0);
    const plane = matmul(draw.normal([5, 2]), draw.normal([2, 4])); // any two are independent, no three
    expect(kRank(plane)).toBe(2);
  }, 15));

test("Kruskal's condition holds in general position, and fails for parallel columns", () =>
  sweep((draw) => {
    const { factors } = planted(draw, [5, 5, 5], 4);
    expect(kruskalUnique({ factors })).toMatchObject({ status: "unique", kRanks: [4, 4, 4], needed: 10 });
    const parallel = factors.map(
      (f): Matrix => ({ shape: f.shape, data: f.data.map((x, at) => (at % 4 === 3 ? f.data[at - 3] : x)) }),
    );
    expect(kruskalUnique({ factors: [parallel[0], parallel[1], factors[2]] }).status).toBe("unknown");
    expect(kruskalUnique({ factors: factors.slice(0, 2) }).because).toContain("three modes are needed");
    expect(kruskalUnique({ factors, weights: tensor([4], [1, -2, 3, 1e-9]) }).status).toBe("unique");
    expect(kruskalUnique({ factors, weights: tensor([4], [1, 2, 0, 1]) })).toMatchObject({
      status: "unknown",
      because: "component 2 is zero, so fewer components suffice",
    });
  }, 10));

test("wrong calls are refused", () => {
  expect(() => cpRankBounds(zeros([2, 2]) as never)).toThrow(
    "cpRankBounds: expected x to have 3 modes, got shape (2 × 2)",
  );
  expect(() => cpRankBounds(tensor([1, 1, 1], [Infinity]))).toThrow("got Infinity at index [0, 0, 0]");
  expect(() => genericRank([2, 0, 2])).toThrow(
    "genericRank: expected the size of mode 1 to be a whole number at least 1, got 0",
  );
  expect(() => kRank(zeros([20, 30]), { tolerance: 0 })).toThrow("tolerance");
  expect(() => kruskalUnique({ factors: [zeros([2, 2]), zeros([2, 2])], weights: zeros([3]) })).toThrow(
    "kruskalUnique: expected weights of shape",
  );
});
