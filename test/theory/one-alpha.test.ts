// Time constants of units: the gradient in W is diag(alpha) Lambda H', and bounds on one gradient and on runs
// still hold.
import { expect, test } from "vitest";
import { singularValues } from "../../src/linalg";
import { FullRankRNN } from "../../src/models";
import { sgd } from "../../src/optim";
import { backpropagate, lossAndGradient } from "../../src/run";
import { matmul, norm, subtract, tensor, transpose, zeros, type Matrix, type Vector } from "../../src/tensor";
import { gradientRankBound, trajectoryCertificate } from "../../src/theory";
import { train, trajectoryObjective } from "../../src/train";
import { close } from "../support/close";
import { draw as drawing } from "../support/sweep";

const units = 9,
  tau = tensor([units], [0.5, 1, 2, 0.7, 3, 1, 0.6, 5, 1]),
  draw = drawing(1),
  batch = { inputs: draw.normal([2, 8, 2]), targets: draw.normal([2, 8, 1]) },
  model = FullRankRNN.random({ units, inputs: 2, outputs: 1, gain: 0.5, tau }, 1);

test("adjoints, rates and alpha of units multiply to the gradient, whose singular values obey their bound", () => {
  const run = backpropagate(model, batch),
    { adjoints, rates, gradients } = run,
    alpha = run.alpha as Vector;
  expect([...alpha.data]).toEqual([...tau.data].map((value) => 0.05 / value));
  const product = zeros([units, units]);
  for (let k = 0; k < 2; k++)
    for (let t = 0; t < 8; t++)
      for (let i = 0; i < units; i++)
        for (let j = 0; j < units; j++)
          product.data[i * units + j] +=
            alpha.data[i] * adjoints.data[(k * 9 + t + 1) * units + i] * rates.data[(k * 9 + t) * units + j];
  close(gradients.w, product, 1e-12);
  close(lossAndGradient(model, batch).gradients.w, product, 1e-12);
  const bound = gradientRankBound(run),
    values = singularValues(gradients.w);
  values
    .slice(0, bound.singularValuesAtMost.length)
    .forEach((value, k) => expect(value).toBeLessThanOrEqual(bound.singularValuesAtMost[k] * (1 + 1e-12)));
  expect(() => gradientRankBound({ adjoints, rates, alpha: tensor([2], [1, 1]) })).toThrow(
    "alpha of 9 units, as adjoints",
  );
  expect(() => gradientRankBound({ adjoints, rates, alpha: tensor([9], [1, 1, 1, 0, 1, 1, 1, 1, 1]) })).toThrow(
    "trajectory.alpha to be a finite number above 0, or a vector of them, got 0 at index [3]",
  );
});

test("a certificate of a run holds, and needs the alpha of every unit", async () => {
  const certificate = trajectoryCertificate({ tolerance: 0.05 });
  let state = certificate.init(units),
    w: Matrix = model.params.w;
  for await (const now of train(
    trajectoryObjective(model, batch),
    { w },
    { optimizer: sgd(0.5), steps: 20, every: 1 },
  )) {
    w = now.params.w as Matrix;
    const { adjoints, rates, alpha } = now.evaluation;
    if (now.status === "running") state = certificate.update(state, { adjoints, rates, alpha, coefficient: 0.5 });
  }
  const change = subtract(w, model.params.w),
    { columns, rows, bound } = certificate.read(state, change),
    inside = matmul(matmul(columns, matmul(matmul(transpose(columns), change), rows)), transpose(rows));
  expect(norm(change)).toBeGreaterThan(1e-3);
  expect(norm(subtract(change, inside))).toBeLessThanOrEqual(bound);
});
