import { describe, expect, test } from "vitest";
import {
  cpEntries,
  cpEquivalent,
  cpGradient,
  cpInner,
  cpModeProduct,
  cpNorm,
  cpSum,
  cpToTensor,
  distributeWeights,
  selectComponents,
  tuckerModeProduct,
  tuckerNorm,
  tuckerNormalize,
  tuckerToTensor,
  type Cp,
} from "../../src/factored";
import { inner, khatriRao, norm, tensor, type Matrix } from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";
import { sweep } from "../support/sweep";

const { models, tucker } = oracle("peers"),
  named = (models as Oracle[]).map((c) => ({ name: c.x.shape.join(" × "), c }));

function same(got: Cp, want: Cp, tolerance: number): void {
  close(got.weights, want.weights, tolerance);
  got.factors.forEach((f, mode) => close(f, want.factors[mode], tolerance));
}

describe.each(named)("a Kruskal tensor ($name) as pyttb and TensorLy have it", ({ c }) => {
  const cp = c.cp as Cp;

  test("inner products and norms", () => {
    expect(Math.abs(cpInner(cp, c.other) - c.inner)).toBeLessThan(1e-12 * (1 + Math.abs(c.inner)));
    expect(Math.abs(cpInner(cp, c.x) - c.innerWithTensor)).toBeLessThan(1e-12 * (1 + Math.abs(c.innerWithTensor)));
    expect(Math.abs(cpNorm(cp) / c.norm - 1)).toBeLessThan(1e-12);
  });

  test("sums, orders and parts of components", () => {
    same(cpSum([cp, c.other]), c.sum, 0);
    same(selectComponents(cp, c.order), c.arranged, 0);
    same(selectComponents(cp, c.pick), c.extracted, 0);
  });

  test.each(["l2", "l1", "max"] as const)("weights take the size of columns, by %s", (norm) =>
    same(distributeWeights(cp, { norm }), c.normalized[norm], 1e-14),
  );

  test("sizes go evenly into all modes, or into one", () => {
    same(distributeWeights(cp, { to: "evenly" }), c.evenly, 1e-14);
    same(distributeWeights(cp, { to: 1 }), c.inOne, 1e-14);
  });

  test("a vector contracts a mode; entries that are listed; weights are a row of a Khatri-Rao product", () => {
    same(cpModeProduct(cp, c.vector, 1), c.contracted, 1e-14);
    const found = cpEntries(cp, Int32Array.from(c.coordinates));
    close(tensor([found.length], found), tensor([found.length], c.entries), 1e-13);
    const weights: Matrix = { shape: [1, cp.weights.shape[0]], data: cp.weights.data };
    close(khatriRao([weights, ...cp.factors]), c.khatriRao, 1e-15);
    if (c.gradient) cpGradient(c.x, cp).factors.forEach((g, mode) => close(g, c.gradient[mode], 1e-12));
  });
});

test("a Tucker record as TensorLy has it: unit columns, and a vector that contracts a mode", () => {
  const unit = tuckerNormalize(tucker.tucker),
    contracted = tuckerModeProduct(tucker.tucker, tucker.vector, 1);
  close(unit.core, tucker.normalized.core, 1e-14);
  unit.factors.forEach((u, mode) => close(u, tucker.normalized.factors[mode], 1e-14));
  // there the mode stays in the core, with a size of 1
  expect(contracted.core.shape).toEqual([2, 2]);
  const whole = tucker.contracted.factors.map(({ shape, data }: Oracle) => tensor(shape, data)),
    core = tucker.contracted.core as Oracle;
  close(
    tuckerToTensor(contracted),
    tensor([4, 5], tuckerToTensor({ core: tensor(core.shape, core.data), factors: whole }).data),
    1e-13,
  );
});

test("wherever sizes go, the tensor is the same; signs of columns stay, but where a size below 0 goes into them", () =>
  sweep(({ normal, int }) => {
    const rank = int(1, 4),
      shape = Array.from({ length: int(1, 5) }, () => int(1, 4)),
      cp: Cp = { weights: normal([rank]), factors: shape.map((size) => normal([size, rank])) };
    cp.factors[0].data.forEach((_, i) => {
      if (rank > 1 && i % rank === 1) cp.factors[0].data[i] = 0; // a component of zeros
    });
    for (const norm of ["l2", "l1", "max"] as const)
      for (const to of ["weights", "evenly", ...shape.keys()] as const) {
        const got = distributeWeights(cp, { to, norm });
        close(cpToTensor(got), cpToTensor(cp), 1e-13);
        expect(cpEquivalent(got, cp)).toBe(true);
        if (to === "weights")
          got.factors.forEach(({ data }, mode) =>
            data.forEach((v, i) => expect(v * cp.factors[mode].data[i]).toBeGreaterThanOrEqual(0)),
          );
        else expect([...got.weights.data]).toEqual(new Array(rank).fill(1));
      }
    close(
      cpToTensor(
        cpSum([
          cp,
          {
            ...cp,
            weights: tensor(
              [rank],
              cp.weights.data.map((w) => -w),
            ),
          },
        ]),
      ),
      tensor(
        shape,
        cpToTensor(cp).data.map(() => 0),
      ),
      1e-13,
    );
    expect(Math.abs(cpInner(cp, cp) - inner(cpToTensor(cp), cpToTensor(cp)))).toBeLessThan(
      1e-12 * (1 + cpNorm(cp) ** 2),
    );
  }));

test("sizes beyond the range of squares are spread and multiplied all the same", () => {
  const cp: Cp = {
    weights: tensor([1], [-1e-200]),
    factors: [tensor([2, 1], [3e200, 4e200]), tensor([1, 1], [2e-100]), tensor([1, 1], [1e-300])],
  };
  const even = distributeWeights(cp, { to: "evenly" });
  for (const { data } of even.factors.slice(1)) expect(Math.abs(data[0] / 1e-133 / 1)).toBeGreaterThan(0.4);
  const lengths = even.factors.map(norm);
  expect(Math.max(...lengths) / Math.min(...lengths) - 1).toBeLessThan(1e-13);
  expect(distributeWeights({ ...cp, weights: tensor([1], [-1e200]) }).weights.data[0] / -1e1).toBeCloseTo(1, 12);
  expect(() => distributeWeights({ ...cp, weights: tensor([1], [1e300]), factors: [cp.factors[0]] })).toThrow(
    "distributeWeights: expected sizes within the range of doubles",
  );
});

test("orthonormal columns, with the norm of the tensor in the core, of tall and of wide factors", () =>
  sweep(({ normal, int }) => {
    const ranks = [int(1, 4), int(1, 4), int(1, 4)],
      record = { core: normal(ranks), factors: ranks.map((rank) => normal([int(1, 5), rank])) },
      got = tuckerNormalize(record, { columns: "orthonormal" });
    close(tuckerToTensor(got), tuckerToTensor(record), 1e-12);
    expect(Math.abs(norm(got.core) - tuckerNorm(record))).toBeLessThan(1e-12 * norm(got.core) + 1e-14);
    got.factors.forEach(({ shape, data }) => {
      for (let r = 0; r < shape[1]; r++)
        for (let s = 0; s <= r; s++) {
          let sum = 0;
          for (let i = 0; i < shape[0]; i++) sum += data[i * shape[1] + r] * data[i * shape[1] + s];
          expect(Math.abs(sum - Number(r === s))).toBeLessThan(1e-13);
        }
    });
  }));

test("wrong calls are refused", () => {
  const { cp, other } = models[0];
  expect(() => selectComponents(cp, [0, 0])).toThrow("selectComponents: expected each component once");
  expect(() => selectComponents(cp, [2])).toThrow("selectComponents: expected each of components to be a whole number");
  expect(() => cpSum([cp, models[1].cp])).toThrow("cpSum: expected decompositions of sizes 2 × 3 × 4, as the first");
  expect(() => cpInner(cp, models[1].cp)).toThrow("cpInner: expected other of sizes 2 × 3 × 4");
  expect(() => cpInner(cp, models[1].x)).toThrow("cpInner: expected");
  expect(() => cpEntries(other, Int32Array.of(0, 3, 0))).toThrow("cpEntries: expected indices from 0 to 2 in mode 1");
  expect(() => distributeWeights(cp, { to: 3 })).toThrow("distributeWeights: expected to");
  const line = { weights: cp.weights, factors: [cp.factors[0]] };
  expect(() => cpModeProduct(line, tensor([2], [1, 1]), 0)).toThrow("cpModeProduct: expected a mode beside that");
});
