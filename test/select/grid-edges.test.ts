import { expect, test } from "vitest";
import { edgesOf } from "../../src/select/grid-edges";
import type { GridPoint } from "../../src/select/grid-points";

const point = (rank: number) => ({ model: "cp", axes: { rank } }) as unknown as GridPoint;

test("the largest of more values than a call takes arguments is an edge, and one between is none", () => {
  const points = Array.from({ length: 200_000 }, (_, i) => point(i + 2));
  expect(edgesOf(points[points.length - 1], points)).toMatchObject([{ axis: "rank", end: "last" }]);
  expect(edgesOf(points[0], points)).toMatchObject([{ axis: "rank", end: "first" }]);
  expect(edgesOf(points[7], points)).toEqual([]);
});
