import { expect, test } from "vitest";
import { mostRegions, visitRegions } from "../../src/analysis/arrangement";
import { feasible } from "../../src/analysis/continuum";
import type { Hyperplanes } from "../../src/analysis/hyperplanes";
import { interpolated, nodesOf, signChanges, valueAt } from "../../src/analysis/polynomial";
import { SeenKeys } from "../../src/analysis/seen-keys";
import { lengthOf } from "../../src/tensor";
import { draw, sweep, type Draw } from "../support/sweep";

function planesOf(normals: Float64Array, offsets: Float64Array, dimension: number): Hyperplanes {
  const count = offsets.length,
    unit = normals.slice(),
    moved = offsets.slice();
  for (let i = 0; i < count; i++) {
    const length = lengthOf(normals.subarray(i * dimension, (i + 1) * dimension));
    for (let k = 0; k < dimension; k++) unit[i * dimension + k] /= length;
    moved[i] /= length;
  }
  return { count, dimension, normals: unit, offsets: moved };
}

function regionsOf(planes: Hyperplanes): Set<string> {
  const seen = new Set<string>();
  visitRegions(planes, new Float64Array(0), 0, (_, positive) => seen.add(positive.join("")));
  return seen;
}

/** The sides of random points, far and near. */
function sampled({ count, dimension, normals, offsets }: Hyperplanes, stream: Draw, points: number): string[] {
  return Array.from({ length: points }, () => {
    const z = stream.normal([dimension], 10 ** (stream.int(-20, 30) / 10)).data;
    return Array.from({ length: count }, (_, i) => {
      let value = offsets[i];
      for (let k = 0; k < dimension; k++) value += normals[i * dimension + k] * z[k];
      return value > 0 ? 1 : 0;
    }).join("");
  });
}

test("hyperplanes in general position cut space into as many regions as Schläfli says, each visited once", () =>
  sweep((stream) => {
    const dimension = stream.int(1, 4),
      count = dimension + stream.int(0, 8),
      planes = planesOf(stream.normal([count, dimension]).data, stream.normal([count]).data, dimension);
    let visits = 0;
    const regions = visitRegions(planes, new Float64Array(0), 0, () => visits++);
    expect(regions).toBe(mostRegions(count, dimension));
    expect(visits).toBe(regions);
    expect(regionsOf(planes).size).toBe(regions);
  }));

test("no region is missed where planes are parallel, repeated, or meet in one point or line", () =>
  sweep((stream) => {
    const dimension = stream.int(1, 3),
      count = dimension + stream.int(2, 7),
      spread = stream.int(0, 2);
    const normals = Float64Array.from({ length: count * dimension }, () => stream.int(-2, 2));
    // they span
    for (let i = 0; i < count; i++) normals[i * dimension + (i % dimension)] += 5 * (i < dimension ? 1 : 0);
    for (let i = 0; i < count; i++)
      if (normals.subarray(i * dimension, (i + 1) * dimension).every((x) => x === 0)) normals[i * dimension] = 1;
    const planes = planesOf(
        normals,
        Float64Array.from({ length: count }, () => stream.int(-spread, spread)),
        dimension,
      ),
      regions = regionsOf(planes);
    expect(sampled(planes, stream, 3000).filter((sides) => !regions.has(sides))).toEqual([]);
  }, 100));

test("sums are those of the rows on whose positive side a region lies", () => {
  const stream = draw(1),
    planes = planesOf(stream.normal([9, 3]).data, stream.normal([9]).data, 3),
    rows = stream.normal([9, 2]).data;
  visitRegions(planes, rows, 2, (sums, positive) => {
    for (const k of [0, 1])
      expect(sums[k]).toBeCloseTo(
        [...positive].reduce((sum, side, i) => sum + side * rows[2 * i + k], 0),
        12,
      );
  });
});

test("without hyperplanes, or without dimensions, there is one region", () => {
  for (const dimension of [0, 2])
    expect(
      visitRegions(
        { count: 0, dimension, normals: new Float64Array(0), offsets: new Float64Array(0) },
        new Float64Array(0),
        0,
        () => {},
      ),
    ).toBe(1);
});

test("a set of keys knows a hundred thousand", () => {
  const stream = draw(2),
    seen = new SeenKeys(),
    kept = new Set<string>(),
    wrong: string[] = [];
  for (let i = 0; i < 100_000; i++) {
    const q = stream.int(1, 80_000),
      p = Math.imul(q >> 2, 0x9e3779b1); // four pairs share one, and its slot
    if (seen.add(p, q) === kept.has(`${p} ${q}`)) wrong.push(`${p} ${q}`);
    kept.add(`${p} ${q}`);
  }
  expect(wrong).toEqual([]);
});

test("inequalities: a point is found where there is one, in one to three dimensions", () =>
  sweep((stream) => {
    const dimension = stream.int(1, 3),
      count = stream.int(1, 12),
      slopes = stream.normal([count, dimension]).data,
      inside = stream.normal([dimension]).data;
    const value = (y: Float64Array, k: number) => {
      let sum = 0;
      for (let j = 0; j < dimension; j++) sum += slopes[k * dimension + j] * y[j];
      return sum;
    };
    const offsets = Float64Array.from(
      { length: count },
      (_, k) => Math.abs(stream.normal([1]).data[0]) - value(inside, k),
    );
    const y = feasible(slopes, offsets, dimension, new Float64Array(count).fill(1e-9));
    expect(y).toBeDefined();
    for (let k = 0; k < count; k++) expect(value(y!, k) + offsets[k]).toBeGreaterThan(-1e-8);
    // s y + 1 <= 0 and s y >= 0 exclude each other
    const opposed = Float64Array.from([
      ...slopes.subarray(0, dimension),
      ...slopes.subarray(0, dimension).map((x) => -x),
    ]);
    expect(feasible(opposed, Float64Array.of(0, -1), dimension, new Float64Array(2).fill(1e-9))).toBeUndefined();
  }));

test("polynomials through points have those values, and change their sign at their simple and triple roots", () =>
  sweep((stream) => {
    const roots = Array.from({ length: stream.int(1, 4) }, () => stream.int(-9, 9) / 10.5),
      nodes = nodesOf(roots.length),
      at = (x: number) => roots.reduce((product, root) => product * (x - root), 1);
    const polynomial = interpolated(nodes, nodes.map(at));
    for (const x of [-1, -0.3, 0.2, 1]) expect(valueAt(polynomial, x)).toBeCloseTo(at(x), 12);
    const simple = roots.filter((root) => roots.filter((other) => other === root).length === 1).sort((p, q) => p - q);
    const found = signChanges(polynomial, -1, 1);
    for (const root of simple) expect(Math.min(...found.map((x) => Math.abs(x - root)))).toBeLessThan(1e-9);
  }));
