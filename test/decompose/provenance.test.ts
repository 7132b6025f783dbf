import { describe, expect, test } from "vitest";
import { fromJson, toJson } from "../../src/data";
import {
  box,
  constraintFrom,
  cpAls,
  cpOptionsFrom,
  hardSparsity,
  l1Penalty,
  l2Ball,
  l2Penalty,
  monotone,
  nonNegative,
  simplex,
  softSparsity,
  totalVariation,
  unimodal,
  unitNorm,
  orthogonal,
  ridgePenalty,
  smoothAlong,
  type ConstraintDescription,
  type CpConstraint,
  type CpData,
  type CpOptions,
} from "../../src/decompose";
import { cpToTensor } from "../../src/factored";
import { tensor, type Tensor } from "../../src/tensor";
import { draw } from "../support/sweep";

const { normal } = draw(11),
  factors = [7, 6, 8].map((size) => normal([size, 2])),
  planted = cpToTensor({ weights: tensor([2], [1, 1]), factors }),
  noise = normal(planted.shape, 0.2),
  x: Tensor = { shape: planted.shape, data: planted.data.map((value, i) => value + noise.data[i]) },
  mask: Tensor = { shape: x.shape, data: Float64Array.from(x.data, (_, i) => (i % 5 === 2 ? 0 : 1)) };
const half: CpConstraint = {
  name: "half",
  homogeneous: true,
  update: (normalMatrix, products, before) => {
    const { data } = ridgePenalty(1e-3).update(normalMatrix, products, before);
    return { shape: before.shape, data: data.map((value) => value / 2) };
  },
};
const earlier = cpAls(x, 2, { sweeps: 5, tolerance: 0 });

const runs: [string, CpOptions, CpData?][] = [
  ["defaults", {}],
  ["several starts", { starts: 4, seed: 3 }],
  ["a compressed comparison", { starts: 3, seed: 2, method: { compress: true } }],
  ["singular vectors", { start: "hosvd", sweeps: 7 }],
  ["ridge, not accelerated", { method: { ridge: 0.1, accelerate: false }, seed: 5 }],
  ["a mask", { mask, seed: 1 }, { mask }],
  ["imputed entries, constraints", { mask, missing: "impute", constraints: [nonNegative({ rounds: 2 })] }, { mask }],
  ["orthogonal columns", { constraints: [orthogonal(), orthogonal(), orthogonal()] }],
  ["penalties", { constraints: [ridgePenalty(0.5), undefined, smoothAlong(2)], sweeps: 20 }],
  ["factors to start from, two of them fixed", { start: factors, fixed: [0, 2] }, { start: factors }],
  ["an earlier result", { start: earlier, sweeps: 9 }, { start: earlier }],
  ["a custom constraint", { constraints: [undefined, half], sweeps: 4 }, { constraints: [undefined, half] }],
];

test.each(runs)("the provenance of a run makes it again to the bit: %s", (_, options, data) => {
  const made = cpAls(x, 2, options),
    provenance = fromJson(toJson(made.provenance)) as typeof made.provenance;
  expect(cpAls(x, 2, cpOptionsFrom(provenance, data))).toEqual(made);
});

test("data that are not those of the run are refused", () => {
  const { provenance } = cpAls(x, 2, { mask, sweeps: 2 }),
    other = { shape: mask.shape, data: mask.data.map((value, i) => (i === 0 ? 1 - value : value)) };
  const wrong: [() => unknown, string][] = [
    [() => cpOptionsFrom(provenance), "cpOptionsFrom: expected data.mask to be that of the run, got none"],
    [() => cpOptionsFrom(provenance, { mask: other }), "expected data.mask to be that of the run, got another one"],
    [() => cpOptionsFrom(earlier.provenance, { mask }), "expected no data.mask, as the run had none"],
    [() => cpOptionsFrom(earlier.provenance, { start: factors }), "expected no data.start, as the run had none"],
    [
      () => cpOptionsFrom(cpAls(x, 2, { constraints: [half], sweeps: 1 }).provenance),
      'cpOptionsFrom: expected the custom constraint "half" as data.constraints[0], got none',
    ],
    [() => cpOptionsFrom({ ...provenance, by: "train" }), 'expected provenance.by to be "cpAls", got "train"'],
  ];
  for (const [call, message] of wrong) expect(call).toThrow(message);
});

describe("descriptions of constraints", () => {
  const constraints = [
    nonNegative({ rounds: 3 }),
    nonNegative({ exact: true }),
    orthogonal(),
    ridgePenalty(0.7),
    smoothAlong(2),
    l1Penalty(0.4),
    l2Penalty(0.4),
    simplex(),
    monotone("falling"),
    unimodal(),
    unitNorm(),
    softSparsity(0.5),
    hardSparsity(2),
    hardSparsity(2, { unitNorm: true }),
    l1Penalty(0.4, { nonNegative: true }),
    simplex(3),
    unimodal({ nonNegative: false }),
    box({ least: -1, most: 0.5 }),
    box({ most: 1 }),
    l2Ball(2),
    l2Ball(2, { nonNegative: true }),
    totalVariation(0.3),
    totalVariation(0.3, { l1: 0.1 }),
  ];
  test.each(constraints.map((constraint) => ({ name: constraint.name, constraint })))(
    "$name is made again from its description, with the same updates to the bit",
    ({ constraint }) => {
      const again = constraintFrom(structuredClone(constraint.description) as ConstraintDescription),
        gram = tensor([2, 2], [2, 0.5, 0.5, 1]),
        products = normal([5, 2]),
        before = normal([5, 2]);
      expect(again.description).toEqual(constraint.description);
      expect(again.name).toBe(constraint.name);
      expect(again.update(gram, products, before)).toEqual(constraint.update(gram, products, before));
    },
  );
  test("of a custom constraint, or broken ones, are refused", () => {
    const wrong: [unknown, string][] = [
      [{ kind: "custom", name: "mine" }, 'got that of the custom constraint "mine"'],
      [{ kind: "constructor" }, 'got a record of kind "constructor"'],
      [{ kind: "nonNegative" }, "constraintFrom: expected description.rounds to be given"],
      [{ kind: "ridgePenalty", strength: -1 }, "constraintFrom: expected description.strength to be a finite number"],
      [null, "got null"],
    ];
    for (const [description, message] of wrong) expect(() => constraintFrom(description as never)).toThrow(message);
  });
});

test("entries under a mask are never read, whatever stands there, when starts are compared too", () => {
  const hidden = (value: number): Tensor => ({
    shape: x.shape,
    data: x.data.map((entry, i) => (mask.data[i] === 0 ? value : entry)),
  });
  for (const missing of ["exact", "impute"] as const) {
    const options = { mask, missing, starts: 4, seed: 2, sweeps: 40 };
    expect(cpAls(hidden(1e9), 2, options)).toEqual(cpAls(hidden(NaN), 2, options));
  }
});
