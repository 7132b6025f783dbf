import { expect, test } from "vitest";
import { addNoise, cpToTensor, randomCp, randomTucker, tuckerToTensor } from "../../src/factored";
import { numericalRank } from "../../src/linalg";
import { gram, multiModeProduct, norm, subtract, tensor, transpose, unfold } from "../../src/tensor";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("a random CP has the rank that was asked for in every mode, the norm, and the sign of uniform entries", () =>
  sweep(({ int, seed }) => {
    const rank = int(1, 4),
      shape = [int(4, 7), int(4, 7), int(4, 7)],
      cp = randomCp(shape, rank, { seed, entries: seed % 2 ? "uniform" : "normal", norm: 10 * seed }),
      x = cpToTensor(cp);
    expect(Math.abs(norm(x) / (10 * seed) - 1)).toBeLessThan(1e-12);
    for (const mode of [0, 1, 2]) expect(numericalRank(unfold(x, mode)).rank).toBe(rank);
    if (seed % 2) expect(x.data.every((value) => value >= 0)).toBe(true);
  }, 10));

test("orthogonal factors have orthonormal columns, so that a Tucker core is its tensor's projection", () =>
  sweep(({ seed }) => {
    const cp = randomCp([6, 5, 7], 4, { seed, orthogonal: true }),
      record = randomTucker([6, 5, 7], [2, 3, 4], { seed, orthogonal: true, norm: 5 }),
      x = tuckerToTensor(record);
    for (const f of [...cp.factors, ...record.factors])
      gram(f).data.forEach((g, i) => expect(Math.abs(g - Number(i % (f.shape[1] + 1) === 0))).toBeLessThan(1e-13));
    close(multiModeProduct(x, record.factors.map(transpose)), record.core, 1e-13);
    expect(Math.abs(norm(x) / 5 - 1)).toBeLessThan(1e-13);
  }, 5));

test("noise has the level that was asked for, and a seed gives the same bits", () => {
  const x = cpToTensor(randomCp([5, 6, 7], 3, { seed: 2 }));
  for (const level of [0, 0.1, 0.5, 1]) {
    const noisy = addNoise(x, level, { seed: 3 });
    expect(Math.abs(norm(subtract(noisy, x)) / norm(x) - level)).toBeLessThan(1e-13);
    expect(addNoise(x, level, { seed: 3 })).toEqual(noisy);
  }
  expect(addNoise(x, 0.1, { seed: 4 })).not.toEqual(addNoise(x, 0.1, { seed: 3 }));
  expect(randomCp([5, 6, 7], 3, { seed: 2 })).toEqual(randomCp([5, 6, 7], 3, { seed: 2 }));
  expect(randomCp([5, 6, 7], 3, { seed: 3 })).not.toEqual(randomCp([5, 6, 7], 3, { seed: 2 }));
});

test("wrong calls are refused", () => {
  expect(() => randomCp([3, 4], 4, { orthogonal: true })).toThrow("randomCp: expected a rank of at most 3");
  expect(() => randomCp([3, 0], 1)).toThrow("randomCp: expected one mode or more, none of them empty");
  expect(() => randomTucker([3, 4], [2])).toThrow("randomTucker: expected 2 ranks, one per mode");
  expect(() => addNoise(tensor([1], [1]), -1)).toThrow("addNoise: expected level to be");
});
