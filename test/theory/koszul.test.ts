import { expect, test } from "vitest";
import { cpAls } from "../../src/decompose";
import { cpToTensor, matchComponents } from "../../src/factored";
import { identity, khatriRao, matmul, tensor, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { koszulCp, koszulUnique, kruskalUnique } from "../../src/theory";
import { oracle } from "../support/oracle";
import { draw, sweep, type Draw } from "../support/sweep";

const planted = (stream: Draw, shape: readonly number[], rank: number): Matrix[] =>
  shape.map((size) => stream.normal([size, rank]));
const modelOf = (factors: readonly Matrix[]) => {
  const rank = factors[0].shape[1];
  return { weights: tensor([rank], new Float64Array(rank).fill(1)), factors };
};
const sumOf = (factors: readonly Matrix[]) => cpToTensor(modelOf(factors)) as Tensor3;
/** The matrix with column `to` replaced. */
const withColumn = (m: Matrix, to: number, entry: (row: number) => number): Matrix => ({
  shape: m.shape,
  data: m.data.map((x, at) => (at % m.shape[1] === to ? entry(Math.floor(at / m.shape[1])) : x)),
});
const column = (m: Matrix, r: number) => (row: number) => m.data[row * m.shape[1] + r];

test("the largest ranks certified are those of numpy's SVD of whole flattenings, and lie beyond Kruskal's", () => {
  for (const { shape, certified, kruskal } of oracle("koszul").cases) {
    const statusAt = (rank: number) =>
      koszulUnique(modelOf(planted(draw(3), shape, rank)), { attempts: 1000, work: 3e6 }).status;
    const name = shape.join(" × ");
    expect(statusAt(certified), name).toBe("unique");
    expect(statusAt(certified + 1), name).toBe("unknown");
    if (kruskal + 1 <= 11)
      expect(kruskalUnique({ factors: planted(draw(3), shape, kruskal + 1) }).status, name).toBe("unknown");
  }
});

test("planted components beyond Kruskal's condition are found without a start, and certified", () => {
  for (const [shape, rank] of [
    [[3, 10, 10], 12],
    [[5, 8, 8], 12],
    [[8, 10, 5], 13],
    [[40, 5, 5], 9],
  ] as const) {
    const factors = planted(draw(1), shape, rank),
      found = koszulCp(sumOf(factors), rank),
      kRanks = shape.reduce((sum, size) => sum + Math.min(size, rank), 0);
    expect(kRanks, "Kruskal says nothing").toBeLessThan(2 * rank + 2);
    expect(found.status, found.because).toBe("unique");
    expect(found.cp?.relativeError).toBeLessThan(1e-11); // rounding over margins of 1e-2
    expect(matchComponents(modelOf(factors), found.cp as never).score).toBeGreaterThan(1 - 1e-8);
  }
});

test("a certificate does not depend on scale, order, bases of the modes, or the mode that comes first", () =>
  sweep((stream) => {
    const factors = planted(stream, [3, 7, 7], 8),
      turned = factors.map((f) => matmul(stream.normal([f.shape[0], f.shape[0]]), f)),
      scaled = factors.map((f): Matrix => ({ shape: f.shape, data: f.data.map((x, at) => x * 10 ** ((at % 8) - 4)) }));
    const longer = [matmul(stream.normal([50, 3]), factors[0]), factors[1], factors[2]];
    const cyclic = [factors[2], factors[0], factors[1]];
    for (const same of [factors, turned, scaled, longer, cyclic])
      expect(koszulUnique(modelOf(same)).status).toBe("unique");
  }, 5));

test("two components that share a vector in one mode are many decompositions: no certificate", () =>
  sweep((stream) => {
    const shape = [5, 8, 8],
      factors = planted(stream, shape, 10),
      mode = stream.int(0, 2);
    expect(koszulUnique(modelOf(factors)).status).toBe("unique");
    const shared = factors.map((f, n) => (n === mode ? withColumn(f, 1, column(f, 0)) : f));
    const [p, q] = [0, 1, 2].filter((n) => n !== mode),
      turn = stream.normal([1]).data[0];
    // a ∘ (b0 c0' + b1 c1') = a ∘ (b0 (c0 - t c1)' + (b1 + t b0) c1')
    const other = shared.map((f, n) =>
      n === p
        ? withColumn(f, 1, (row) => column(f, 1)(row) + turn * column(f, 0)(row))
        : n === q
          ? withColumn(f, 0, (row) => column(f, 0)(row) - turn * column(f, 1)(row))
          : f,
    );
    sumOf(shared).data.forEach((x, at) => expect(sumOf(other).data[at]).toBeCloseTo(x, 10));
    for (const one of [shared, other]) {
      const answer = koszulUnique(modelOf(one));
      expect(answer.status).toBe("unknown");
      expect(answer.tried.length).toBe(4);
      expect(answer.because).toMatch(/^4 of \d+ flattenings were tried; in the last, .* power/);
    }
  }, 5));

test("three components within a 2 × 2 × 2 block have other decompositions, though all k-ranks are 2 or more", () => {
  const stream = draw(2),
    factors = planted(stream, [5, 8, 8], 9).map((f) => {
      const block = matmul(stream.normal([f.shape[0], 2]), stream.normal([2, 3]));
      return [0, 1, 2].reduce((m, r) => withColumn(m, r, column(block, r)), f);
    });
  const answer = koszulUnique(modelOf(factors), { attempts: 20 });
  expect(answer.status).toBe("unknown");
  for (const { margins } of answer.tried)
    expect(Math.min(...Object.values(margins).filter((value) => value !== undefined))).toBeLessThan(1e-12);
});

test("near to a repeated vector, the margin falls with the distance, and at the tolerance the certificate ends", () => {
  const factors = planted(draw(4), [3, 8, 8], 9);
  const at = (distance: number) =>
    koszulUnique(
      modelOf([
        withColumn(factors[0], 1, (row) => column(factors[0], 0)(row) + distance * column(factors[0], 1)(row)),
        factors[1],
        factors[2],
      ]),
    );
  const least = (distance: number) =>
    Math.min(...Object.values(at(distance).tried.slice(-1)[0].margins).filter((value) => value !== undefined));
  expect(at(1e-2).status).toBe("unique");
  expect(at(1e-9).status).toBe("unknown");
  expect(least(1e-2) / least(1e-3)).toBeCloseTo(10, 0); // of first order in the distance
});

test("what is no decomposition of that rank gets none: too few components, too many, noise", () => {
  const stream = draw(5),
    factors = planted(stream, [4, 8, 8], 9),
    x = sumOf(factors);
  const few = koszulCp(x, 8, { sweeps: 20 });
  expect(few.status).toBe("unknown");
  expect(few.because).toContain("the components leave a relative error of");
  const many = koszulCp(x, 10, { sweeps: 20, attempts: 2 });
  expect(many.status).toBe("unknown");
  expect(many.cp?.factors.every(({ data }) => data.every(Number.isFinite))).toBe(true);
  const beyond = koszulCp(x, 40);
  expect(beyond).toMatchObject({ status: "unknown", cp: null, uniqueness: null });
  expect(beyond.because).toContain("no flattening of 4 × 8 × 8");
  const noise = stream.normal([4, 8, 8], 1e-4),
    noisy = { shape: x.shape, data: x.data.map((value, at) => value + noise.data[at]) };
  expect(koszulCp(noisy, 9, { sweeps: 20 }).status).toBe("unknown");
  const near = koszulCp(noisy, 9, { error: 1e-3, sweeps: 50 });
  expect(near.status).toBe("unique");
  expect(matchComponents(modelOf(factors), near.cp as never).score).toBeGreaterThan(0.999);
});

test("a tensor of fewer components gets no certificate, though a component of rounding completes a unique sum", () => {
  for (const seed of [1, 2, 3]) {
    const found = koszulCp(sumOf(planted(draw(seed), [3, 6, 6], 5)), 6, { sweeps: 30 });
    expect(found.cp!.relativeError).toBeLessThan(1e-8);
    expect(found).toMatchObject({ status: "unknown", uniqueness: { status: "unique" } });
    expect(found.because).toMatch(/^a tensor of fewer components may be as near to x/);
  }
});

test("with noise the planted number of components is certified, and one more, which fits noise, is not", () => {
  for (const seed of [1, 2, 3, 4]) {
    const stream = draw(seed),
      x = sumOf(planted(stream, [3, 6, 6], 4)),
      noise = stream.normal([3, 6, 6], 1e-3 * Math.sqrt(x.data.reduce((sum, y) => sum + y * y, 0) / x.data.length));
    const noisy = { shape: x.shape, data: x.data.map((y, at) => y + noise.data[at]) };
    expect(koszulCp(noisy, 4, { error: 2e-3 }).status).toBe("unique");
    expect(koszulCp(noisy, 5, { error: 2e-3 })).toMatchObject({ status: "unknown", uniqueness: { status: "unique" } });
  }
});

test("rounding in a thin direction makes no certificate at the smallest tolerance", () => {
  let thin = 0;
  for (let seed = 0; seed < 12; seed++)
    for (const size of [1e-7, 5e-8, 3e-8]) {
      const stream = draw(seed),
        [first, second, third] = planted(stream, [3, 8, 8], 7),
        // columns 0 and 1 are multiples of each other; the last direction of the mode is thin, in a basis of its own
        shared = withColumn(first, 1, (row) => 0.7 * column(first, 0)(row)),
        squeezed: Matrix = { shape: shared.shape, data: shared.data.map((x, at) => (at < 14 ? x : size * x)) };
      const answer = koszulUnique(modelOf([matmul(stream.normal([3, 3]), squeezed), second, third]), {
        tolerance: 1e-8,
        attempts: 8,
        work: 1e7,
      });
      expect(answer.status).toBe("unknown");
      for (const { margins } of answer.tried) if (margins.minors !== undefined && margins.minors > 1e-8) thin++;
    }
  expect(thin, "margins of rounding alone above the tolerance").toBeGreaterThan(0);
});

test("where alternating least squares sticks from random starts, linear algebra does not", () => {
  const x = sumOf(planted(draw(6), [5, 8, 8], 12));
  expect(koszulCp(x, 12).cp?.relativeError).toBeLessThan(1e-11);
  expect(cpAls(x, 12, { seed: 1, sweeps: 100 }).relativeError).toBeGreaterThan(1e-3);
});

test("small cases: one component, zeros, an identity, and a joined fourth mode", () => {
  expect(koszulUnique(modelOf(planted(draw(1), [1, 1, 1], 1))).status).toBe("unique");
  expect(koszulUnique(modelOf([identity(3), identity(3), identity(3)])).status).toBe("unique");
  const zero = koszulUnique(modelOf([identity(3), zeros([4, 3]), identity(3)]));
  expect(zero).toMatchObject({
    status: "unknown",
    because: "component 0 is zero, so fewer components suffice",
    tried: [],
  });
  expect(
    koszulUnique({ ...modelOf([identity(2), identity(2), identity(2)]), weights: tensor([2], [1, 0]) }).because,
  ).toBe("component 1 is zero, so fewer components suffice");
  expect(koszulCp(zeros([2, 3, 4]), 2)).toMatchObject({ status: "unknown" });
  const [a, b, c, d] = planted(draw(2), [4, 4, 4, 3], 9);
  expect(koszulUnique(modelOf([a, b, khatriRao([c, d])])).status).toBe("unique");
});

test("wrong calls are refused", () => {
  expect(() => koszulUnique(modelOf([identity(2), identity(2)]))).toThrow(
    "koszulUnique: expected factors of three modes, got 2",
  );
  expect(() => koszulUnique(modelOf([identity(2), identity(2), identity(3)]))).toThrow("koszulUnique");
  expect(() => koszulUnique(7 as never)).toThrow(
    "koszulUnique: expected cp to be a CP decomposition { weights, factors }, got 7",
  );
  expect(() => koszulCp(zeros([2, 2]) as never, 1)).toThrow("koszulCp: expected x to have 3 modes");
  expect(() => koszulCp(zeros([2, 2, 2]), 0)).toThrow("koszulCp: expected rank to be a whole number at least 1");
  expect(() => koszulCp(zeros([2, 2, 2]), 1, { tolerance: 0 })).toThrow("tolerance");
});
