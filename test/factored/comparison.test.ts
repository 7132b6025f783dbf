import { expect, test } from "vitest";
import {
  alignComponents,
  canonical,
  coreConsistency,
  correlationIndex,
  cpEquivalent,
  cpToTensor,
  factorMatchScore,
  leverage,
  matchComponents,
  resolveSigns,
  sliceErrors,
  type Cp,
} from "../../src/factored";
import { tensor, transpose, unfold, type Matrix, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";
import { draw, sweep, type Draw } from "../support/sweep";

const cases: Oracle[] = oracle("comparison").cases;
const named = cases.map((c, i) => ({ name: `case ${i}, ranks ${c.a.weights.shape} and ${c.b.weights.shape}`, c }));

const positive = (cp: Cp): Cp => ({ ...cp, weights: tensor([...cp.weights.shape], cp.weights.data.map(Math.abs)) });
const planted = ({ normal }: Draw, shape: readonly number[], rank: number): Cp => ({
  weights: normal([rank]),
  factors: shape.map((size) => normal([size, rank])),
});

/** The same tensor: components in another order, scale and pairs of signs between weights and columns. */
function disguised(draw: Draw, { weights, factors }: Cp): Cp {
  const rank = weights.shape[0],
    order = Array.from({ length: rank }, (_, r) => r).sort(() => draw.uniform() - 0.5),
    w = order.map((s) => weights.data[s]!),
    scales = factors.map(() => order.map(() => (draw.uniform() < 0.5 ? -1 : 1) * (0.1 + 3 * draw.uniform())));
  for (const scale of scales) scale.forEach((by, r) => (w[r]! /= by));
  return {
    weights: tensor([rank], w),
    factors: factors.map(({ shape, data }, mode) =>
      tensor(
        shape,
        data.map((_, i) => scales[mode]![i % rank]! * data[i - (i % rank) + order[i % rank]!]!),
      ),
    ),
  };
}

test.each(named)("scores, assignments and diagnostics agree with TLViz and TensorLy: $name", ({ c }) => {
  const a = positive(c.a),
    b = positive(c.b),
    skip = { unmatched: "skip" } as const;
  expect(factorMatchScore(a, b, skip)).toBeCloseTo(c.match, 12);
  expect(factorMatchScore(a, b, { ...skip, weights: true })).toBeCloseTo(c.matchWithWeights, 12);
  expect(factorMatchScore(a, b, { ...skip, signed: true })).toBeCloseTo(c.matchSigned, 12);
  const { assignment, unmatched } = matchComponents(a, b);
  expect([...assignment, ...unmatched]).toEqual(c.permutation);
  expect(Math.abs(coreConsistency(c.x, c.a) / c.coreConsistency - 1)).toBeLessThan(1e-9);
  const normalized = coreConsistency(c.x, c.a, undefined, { normalized: true });
  expect(Math.abs(normalized - c.normalizedCoreConsistency)).toBeLessThan(1e-9);
  for (const mode of [0, 1, 2]) {
    const slices = sliceErrors(c.x, c.a, mode);
    close(tensor([slices.shares.length], slices.shares), tensor([slices.shares.length], c.shares[mode]), 1e-12);
    const squares = slices.errors.map((error) => error ** 2);
    close(tensor([squares.length], squares), tensor([squares.length], c.squares[mode]), 1e-12);
    close(tensor([squares.length], slices.leverage), tensor([squares.length], c.leverage[mode]), 1e-10);
  }
  for (const [by, value] of Object.entries((c.correlationIndex ?? {}) as Record<string, number>))
    expect(correlationIndex(c.a, c.b, { by: by as "stacked" })).toBeCloseTo(value, 12);
});

test("of different ranks, components without a partner count as 0, unless they are skipped", () =>
  sweep((d) => {
    const a = planted(d, [5, 6, 7], 4),
      kept = [2, 0],
      b: Cp = {
        weights: tensor(
          [2],
          kept.map((r) => a.weights.data[r]!),
        ),
        factors: a.factors.map((f) =>
          tensor(
            [f.shape[0], 2],
            Array.from({ length: f.shape[0] }, (_, i) => kept.map((r) => f.data[i * 4 + r]!)).flat(),
          ),
        ),
      };
    expect(factorMatchScore(a, b)).toBeCloseTo(0.5, 12);
    expect(factorMatchScore(b, a)).toBeCloseTo(0.5, 12);
    expect(factorMatchScore(a, b, { unmatched: "skip" })).toBeCloseTo(1, 12);
    const down = matchComponents(a, b),
      up = matchComponents(b, a);
    expect([down.assignment, down.unmatched]).toEqual([[1, null, 0, null], []]);
    expect([up.assignment, up.unmatched]).toEqual([
      [2, 0],
      [1, 3],
    ]);
    expect(down.congruences[1]).toBe(0);
  }));

test("a score is never above 1, so that 1 - score is a distance", () =>
  sweep((d) => {
    const a = planted(d, [3, 4], d.int(1, 5));
    expect(factorMatchScore(a, a)).toBeLessThanOrEqual(1);
    expect(factorMatchScore(a, a, { signed: true })).toBeLessThanOrEqual(1);
  }));

test("decompositions are equivalent in any order, scale and paired signs, and not otherwise", () =>
  sweep((d) => {
    const a = planted(d, [4, 3, 5], d.int(1, 4)),
      b = disguised(d, a);
    expect(cpEquivalent(a, b)).toBe(true);
    expect(cpEquivalent(b, canonical(a))).toBe(true);
    const { factors, weights } = b,
      changed = factors.map(({ shape, data }, mode) =>
        tensor(
          shape,
          data.map((value, i) => (mode === 1 && i === 0 ? value + 1e-3 : value)),
        ),
      );
    expect(cpEquivalent(a, { weights, factors: changed })).toBe(false);
    expect(cpEquivalent(a, { weights, factors: changed }, { tolerance: 1 })).toBe(true);
    const negative = weights.data.map((w, r) => (r === 0 ? -w : w));
    expect(cpEquivalent(a, { weights: tensor(weights.shape, negative), factors })).toBe(false);
    const larger = weights.data.map((w, r) => (r === 0 ? w * 1.001 : w));
    expect(cpEquivalent(a, { weights: tensor(weights.shape, larger), factors })).toBe(false);
  }));

test("components of zeros are alike, and other ranks or sizes are another decomposition", () => {
  const zero = (by: number): Cp => ({
    weights: tensor([2], [1, by]),
    factors: [tensor([2, 2], [1, 0, 2, 0]), tensor([2, 2], [3, by, 1, 1])],
  });
  expect(cpEquivalent(zero(1), zero(5))).toBe(true);
  const d = draw(1);
  expect(cpEquivalent(planted(d, [2, 3], 2), planted(d, [2, 3], 1))).toBe(false);
  expect(cpEquivalent(planted(d, [2, 3], 2), planted(d, [3, 2], 2))).toBe(false);
});

test("aligned components are the same tensor, in the order and with the signs of the reference", () =>
  sweep((d) => {
    const rank = d.int(1, 4),
      a = planted(d, [6, 5, 7], rank),
      b = disguised(d, a),
      aligned = alignComponents(a, b);
    close(cpToTensor(aligned), cpToTensor(b), 1e-12);
    expect(matchComponents(a, aligned).assignment).toEqual(Array.from({ length: rank }, (_, r) => r));
    // all columns but at most one of a component point along their partner; where one does not, the weight is negative
    for (let r = 0; r < rank; r++) {
      const cosines = a.factors.map((f, mode) => dotOfColumns(f, aligned.factors[mode]!, r));
      expect(cosines.filter((cosine) => cosine < 0).length).toBeLessThanOrEqual(1);
    }
  }));

test("components that the reference does not have come last", () => {
  const d = draw(4),
    a = planted(d, [5, 6], 3),
    two: Cp = {
      weights: tensor([2], a.weights.data.slice(1)),
      factors: a.factors.map((f) =>
        tensor(
          [f.shape[0], 2],
          f.data.filter((_, i) => i % 3 > 0),
        ),
      ),
    },
    aligned = alignComponents(two, a);
  expect([...aligned.weights.data]).toEqual([1, 2, 0].map((r) => a.weights.data[r]));
  expect(alignComponents(a, two).weights.shape).toEqual([2]);
});

function dotOfColumns(f: Matrix, g: Matrix, r: number): number {
  const rank = f.shape[1];
  return f.data.reduce((sum, value, i) => (i % rank === r ? sum + value * g.data[i]! : sum), 0);
}

test("signs are those, of all pairs of turns, in which columns point along most of the data", () =>
  sweep((d) => {
    const shape = [4, 5, 3],
      rank = d.int(1, 3),
      cp = planted(d, shape, rank),
      noise = d.normal(shape, 0.3),
      whole = cpToTensor(cp),
      x = tensor(
        shape,
        whole.data.map((value, i) => value + noise.data[i]!),
      ),
      found = resolveSigns(x, cp);
    close(cpToTensor(found), whole, 1e-12);
    for (let r = 0; r < rank; r++) {
      const left = withoutOthers(x, cp, r),
        balances = cp.factors.map((f, mode) => balanceAlong(left, f, mode, r));
      const sums = [
        [1, 1, 1],
        [1, -1, -1],
        [-1, 1, -1],
        [-1, -1, 1],
      ].map((turns) => ({
        turns,
        sum: turns.reduce((sum, turn, mode) => sum + turn * balances[mode]!, 0),
      }));
      const best = sums.reduce((p, q) => (q.sum > p.sum ? q : p)).turns;
      best.forEach((turn, mode) => {
        expect(found.balance.data[mode * rank + r]).toBeCloseTo(turn * balances[mode]!, 10);
        expect(found.factors[mode]!.data[r]).toBeCloseTo(turn * cp.factors[mode]!.data[r]!, 12);
      });
    }
  }));

/** x less all components but one, entry by entry. */
function withoutOthers(x: Tensor, cp: Cp, r: number): Tensor {
  const others = cp.weights.data.map((w, s) => (s === r ? 0 : w)),
    model = cpToTensor({ ...cp, weights: tensor([others.length], others) });
  return tensor(
    [...x.shape],
    x.data.map((value, i) => value - model.data[i]!),
  );
}

/** Bro, Acar & Kolda (2008), steps 2 and 3, by the unfolding, over the sum of squares. */
function balanceAlong(left: Tensor, f: Matrix, mode: number, r: number): number {
  const rank = f.shape[1],
    fibers = transpose(unfold(left, mode)),
    size = f.shape[0];
  let signed = 0,
    squares = 0;
  for (let j = 0; j < fibers.shape[0]; j++) {
    let inner = 0;
    for (let i = 0; i < size; i++) inner += f.data[i * rank + r]! * fibers.data[j * size + i]!;
    signed += Math.sign(inner) * inner ** 2;
    squares += inner ** 2;
  }
  return signed / squares;
}

test("data above zero turn columns above zero, with a mask as well; missing entries are not read", () => {
  const d = draw(7),
    f = [4, 5, 6].map((size) =>
      tensor(
        [size, 1],
        Array.from({ length: size }, () => 0.1 + d.uniform()),
      ),
    ),
    truth: Cp = { weights: tensor([1], [2]), factors: f },
    x = cpToTensor(truth),
    mask = tensor(
      [4, 5, 6],
      Array.from(x.data, (_, i) => (i % 7 === 0 ? 0 : 1)),
    ),
    holes = tensor(
      [4, 5, 6],
      x.data.map((value, i) => (i % 7 === 0 ? NaN : value)),
    );
  const turned: Cp = {
    weights: truth.weights,
    factors: f.map((g, m) =>
      m < 2
        ? tensor(
            g.shape,
            g.data.map((v) => -v),
          )
        : g,
    ),
  };
  for (const found of [resolveSigns(x, turned), resolveSigns(holes, turned, mask)]) {
    expect(found.factors.every(({ data }) => data.every((value) => value > 0))).toBe(true);
    expect(found.balance.data.every((value) => value > 0.999)).toBe(true);
  }
  for (const unit of [1e-150, 1e150]) {
    const there = tensor(
        [4, 5, 6],
        x.data.map((value) => value * unit),
      ),
      found = resolveSigns(there, { ...turned, weights: tensor([1], [2 * unit]) });
    expect(found.factors.every(({ data }) => data.every((value) => value > 0))).toBe(true);
  }
});

test("a noisy slice is outlying by its error, one with a component to itself by its leverage", () => {
  const d = draw(3),
    c = d.normal([20, 2]);
  for (let k = 0; k < 20; k++) c.data[2 * k + 1] = k === 11 ? 5 : 0.01 * c.data[2 * k + 1]!;
  const cp: Cp = { weights: tensor([2], [1, 1]), factors: [d.normal([6, 2]), d.normal([7, 2]), c] },
    x = cpToTensor(cp),
    noise = d.normal([6, 7, 20]);
  for (let i = 0; i < x.data.length; i++) x.data[i]! += (i % 20 === 4 ? 3 : 0.1) * noise.data[i]!;
  const { outliers, errors, relativeErrors } = sliceErrors(x, cp, 2);
  expect(outliers[0]).toMatchObject({ index: 4, by: "error" });
  expect(outliers.at(-1)).toMatchObject({ index: 11, by: "leverage" });
  expect(outliers.length).toBeLessThanOrEqual(3); // of twenty slices of noise, one may be beyond three deviations
  expect(outliers[0]!.because).toMatch(/^its error is \d+ times the median of all slices$/);
  expect(Math.max(...errors)).toBe(errors[4]);
  expect(relativeErrors.every((error) => error !== null && error > 0)).toBe(true);
  const mask = tensor(
    [6, 7, 20],
    Array.from(x.data, (_, i) => (i % 20 === 4 ? 0 : 1)),
  );
  for (let i = 4; i < x.data.length; i += 20) x.data[i] = NaN;
  const seen = sliceErrors(x, cp, 2, mask);
  expect([seen.errors[4], seen.relativeErrors[4], seen.shares[4]]).toEqual([0, null, 0]);
  expect(seen.errors[5]).toBeCloseTo(errors[5]!, 12);
});

test("a model without an error has no outlying slices and shares of 0; extreme units keep their digits", () => {
  const d = draw(9),
    cp = planted(d, [4, 5, 6], 2),
    exact = sliceErrors(cpToTensor(cp), cp, 0);
  expect(exact.outliers.filter(({ by }) => by === "error")).toEqual([]);
  const x = d.normal([4, 5, 6]),
    plain = sliceErrors(x, cp, 1);
  for (const unit of [2 ** -600, 2 ** 500]) {
    const scaled = sliceErrors(
      tensor(
        [4, 5, 6],
        x.data.map((value) => value * unit),
      ),
      {
        ...cp,
        weights: tensor(
          [2],
          cp.weights.data.map((w) => w * unit),
        ),
      },
      1,
    );
    close(
      tensor(
        [5],
        scaled.errors.map((e) => e / unit),
      ),
      tensor([5], plain.errors),
      1e-13,
    );
    close(tensor([5], scaled.shares), tensor([5], plain.shares), 1e-13);
  }
  expect(sliceErrors(x, cp, 1).leverage).toEqual([...leverage(cp.factors[1]!).data]);
});

test("wrong calls name what is wrong", () => {
  const d = draw(2),
    a = planted(d, [4, 5], 2);
  expect(() => sliceErrors(cpToTensor(a), a, 2)).toThrow("sliceErrors: expected mode to be");
  expect(() => resolveSigns(tensor([4, 4], new Float64Array(16)), a)).toThrow(
    "resolveSigns: expected factors with 4, 4 rows",
  );
  expect(() => correlationIndex(a, planted(d, [4, 4], 2))).toThrow("correlationIndex: expected b of sizes 4 × 5, as a");
  expect(() => matchComponents(a, planted(d, [4, 4], 1))).toThrow(
    "matchComponents: expected factors of 5 rows in mode 1",
  );
  expect(() => coreConsistency(cpToTensor(a), a, undefined, { normalised: true } as never)).toThrow(
    "Did you mean normalized?",
  );
});
