import { expect, test } from "vitest";
import { random } from "../../src/base";
import { leastSquares, updateFactor, type AlsModel } from "../../src/decompose";
import { contractionKernels } from "../../src/kernels";
import { projectedSweeps } from "../../src/ragged/projected-sweeps";
import { norm, type Matrix, type Tensor3 } from "../../src/tensor";

test.each([
  [1, 1, 1],
  [2, 3, 3],
  [7, 2, 9],
  [40, 4, 5],
])("are five sweeps of CP-ALS over the projected trials: %i trials, rank %i, %i units", (trials, rank, units) => {
  const { normal } = random(7, "projected trials"),
    drawn = (count: number) => Float64Array.from({ length: count }, normal),
    factor = (rows: number): Matrix => ({ shape: [rows, rank], data: drawn(rows * rank) }),
    y: Tensor3 = { shape: [trials, rank, units], data: drawn(trials * rank * units) },
    start = [factor(trials), factor(rank), factor(units)],
    update = updateFactor({ where: "test", ridge: 0, fixed: [], constraints: [] }),
    problem = leastSquares(y, rank, { update, norm: norm(y) });
  let model: AlsModel = { factors: start, weights: new Float64Array(rank).fill(1) },
    relativeError = NaN;
  for (let sweep = 0; sweep < 5; sweep++) {
    const swept = problem.sweep(model);
    ({ relativeError } = swept);
    model = swept;
  }
  const { workspace } = contractionKernels(),
    top = workspace.top;
  const found = workspace.within(() => {
    const address = workspace.take(8 * y.data.length);
    workspace.f64.set(y.data, address / 8);
    return projectedSweeps(address, start, update);
  });
  expect(workspace.top).toBe(top);
  found.factors.forEach(({ shape, data }, mode) => {
    const expected = model.factors[mode]!,
      size = norm(expected);
    expect(shape).toEqual(expected.shape);
    data.forEach((value, i) => expect(Math.abs(value - expected.data[i]!)).toBeLessThan(1e-8 * size));
  });
  const squares = norm(y) ** 2;
  expect(Math.abs(found.explained / squares - (1 - relativeError ** 2))).toBeLessThan(1e-12);
  expect(found.componentsSquared).toBeGreaterThan(0);
});
