import { expect, test } from "vitest";
import { adaptationOf, fitExponential } from "../../examples/claims/adaptation";
import { adapts, learnSeeds } from "../../examples/claims/claim-two";
import { compareWithTruth } from "../../examples/claims/fit-to-trained";
import { forces, learnReach, reachTask } from "../../examples/claims/learned-reach";
import { isBeyond, nearness, rootOf } from "../../examples/claims/nearness";
import { rankProfile } from "../../examples/claims/rank-profile";
import { matmul, pointMass, random, tensor, transpose, zeros } from "../../src";
import { abrupt, alternating } from "../../src/tasks";
import { distance } from "../support/close";

test.each(["curl field", "rotation"] as const)("the forces of a reach make it, under a %s", (perturbation) => {
  const task = reachTask(),
    force = forces(task, perturbation, 0.7),
    { shape, data } = task.batch.targets!;
  const plant = pointMass({
    mass: 1,
    friction: 1,
    dt: task.dt,
    [perturbation === "rotation" ? "rotation" : "curl"]: 0.7,
  });
  for (let k = 0; k < shape[0]; k++) {
    let state = new Float64Array(4);
    for (let t = 0; t < shape[1]; t++) {
      const next = new Float64Array(4),
        row = k * shape[1] + t;
      plant.step(next, state, force.data.subarray(2 * row, 2 * row + 2));
      expect(distance(next.subarray(2), data.subarray(4 * row + 2, 4 * row + 4))).toBeLessThan(1e-12);
      state = next;
    }
  }
});

test("the time constant of errors is found, with the jump and the after-effect", () => {
  const errors = Array.from({ length: 60 }, (_, k) =>
    k < 10 ? 0.1 : k < 40 ? 0.1 + 0.2 + 0.6 * Math.exp(-(k - 10) / 7) : 0.1 - 0.5 * Math.exp(-(k - 40) / 7),
  );
  const { timeConstant, explained, jump, afterEffect, left } = adaptationOf(errors, [10, 40]);
  expect(Math.abs(timeConstant / 7 - 1)).toBeLessThan(0.01); // half a step of the grid
  expect(explained).toBeGreaterThan(0.9999);
  expect(jump).toBeCloseTo(0.8, 12);
  expect(afterEffect).toBeCloseTo(-0.5, 12);
  expect(left).toBeCloseTo((0.2 + 0.6 * Math.exp(-29 / 7)) / 0.8, 12);
  expect(fitExponential(Array.from({ length: 30 }, (_, k) => k)).timeConstant).toBeGreaterThan(100); // a straight line
});

test("weight changes of planted rank need that many components, their null does not get by with them", () => {
  const { normal } = random(1, "planted changes"),
    [units, trials] = [12, 25],
    weights = zeros([units, units, trials]);
  const draw = (count: number) => Array.from({ length: count }, normal);
  for (let r = 0; r < 2; r++) {
    const [a, b, size] = [draw(units), draw(units), 1 + r];
    for (let entry = 0; entry < units * units; entry++)
      for (let k = 0, c = 0; k < trials; k++, c += Math.sin(k * size))
        weights.data[entry * trials + k] += c * a[Math.floor(entry / units)] * b[entry % units];
  }
  const { changes, null: nulls } = rankProfile(weights, { ranks: 2, every: 1, seed: 1 });
  expect(changes[0]).toBeLessThan(0.99);
  expect(changes[1]).toBeGreaterThan(0.999);
  expect(nulls[1]).toBeLessThan(0.9);
});

test("a space is nearer than chance where it is the true one, and not where it is drawn at random", () => {
  const { normal } = random(2, "spaces"),
    [n, count] = [20, 2],
    draw = () => tensor([n, count], Array.from({ length: n * count }, normal));
  const truth = draw(),
    moment = matmul(truth, transpose(truth)),
    wide = draw(),
    metric = matmul(wide, transpose(wide));
  for (let i = 0; i < n; i++) metric.data[i * (n + 1)] += 0.1;
  const root = rootOf(metric);
  expect(distance(matmul(root, root).data, metric.data)).toBeLessThan(1e-12);
  const found = nearness(truth, moment, { seed: 1 }),
    seen = matmul(root, matmul(moment, root)),
    foundSeen = nearness(truth, seen, { seed: 1, root });
  for (const { overlap, captured } of [found, foundSeen])
    for (const measured of [overlap, captured]) {
      expect(measured.value).toBeCloseTo(1, 10);
      expect(isBeyond(measured)).toBe(true);
    }
  expect(Math.abs(found.overlap.chanceMean - count / n)).toBeLessThan(0.02); // the mean over random subspaces
  expect(foundSeen.overlap.chanceMean).toBeGreaterThan(2 * found.overlap.chanceMean); // the metric makes spaces alike
  let beyond = 0;
  for (let i = 0; i < 40; i++) beyond += Number(isBeyond(nearness(draw(), moment, { seed: i }).overlap));
  expect(beyond).toBeLessThan(5); // 1 in 100 is expected: 5 of 40 have a chance below 1 in 10 000
});

test.each([["curl field", 1, -1] as const, ["rotation", 0.5, 1] as const])(
  "claim 2, %s: errors jump, fall and turn around, and weight changes are " +
    "of lower rank than their null, in three seeds",
  async (perturbation, size, side) => {
    const sizes = abrupt({ size, baseline: 8, perturbed: 60, washout: 20 }),
      setting = { units: 30, phi: "tanh", gain: 0.8, perturbation, sizes, rate: 0.3 } as const;
    for (const { seed, profile, adaptation } of await learnSeeds(setting, [1, 2, 3], { ranks: 5, every: 4 })) {
      const about = `seed ${seed}: ${JSON.stringify({ profile, adaptation })}`;
      expect(side * adaptation.jump, about).toBeGreaterThan(0.1);
      expect(adapts(adaptation, 60), about).toBe(true);
      expect(profile.changes[4], about).toBeGreaterThan(0.85);
      expect(profile.changes[4] - profile.null[4], about).toBeGreaterThan(0.1);
    }
  },
);

test("claim 1 on a trained network: activity gives columns of changes beyond chance, in three seeds", async () => {
  const sizes = alternating({ size: 1, other: 0, baseline: 8, perturbed: 16, blocks: 3, washout: 8 });
  for (const seed of [1, 2, 3]) {
    const learned = await learnReach({
      units: 40,
      phi: "tanh",
      gain: 0.8,
      perturbation: "curl field",
      sizes,
      rate: 0.3,
      seed,
    });
    const epochs = learned.targets.map((_, k) => sizes(k) !== 0);
    const { columns } = await compareWithTruth(learned, epochs, 3, {
      seed,
      inputs: 12,
      network: { tau: 5, trialKernel: { length: 20 } },
      training: { steps: 100, starts: 1 },
    });
    expect(isBeyond(columns.overlap), `seed ${seed}: ${JSON.stringify(columns)}`).toBe(true);
    expect(isBeyond(columns.captured), `seed ${seed}: ${JSON.stringify(columns)}`).toBe(true);
  }
});
