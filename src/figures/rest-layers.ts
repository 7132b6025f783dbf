import { fail, isRecord, show } from "../base";
import type { Stability } from "../analysis";
import { checkTensor, type Vector } from "../tensor";
import type { Json, Part } from "./specification";

/** A fixed point as it is drawn. */
export interface RestPoint {
  /** latent activity (rank) */
  readonly kappa?: Vector;
  readonly stability: Stability;
}

const kinds = ["stable", "saddle", "unstable", "marginal"] as const;

/** Fixed points with their places, or what is wrong with them. */
export function restPlaces(where: string, name: string, points: unknown): { place: Float64Array; stability: string }[] {
  if (!Array.isArray(points))
    return fail(where, {
      expected: `${name} to be a list of fixed points`,
      got: show(points),
      fix: "Pass what fixedPoints gave as points.",
    });
  return Array.from(points as unknown[], (point, i) => {
    const { kappa, stability } = isRecord(point) ? point : ({} as Record<string, unknown>);
    if (!kinds.includes(stability as Stability))
      fail(where, {
        expected: `${name}[${i}].stability to be ${kinds.map((kind) => `"${kind}"`).join(" or ")}`,
        got: show(stability),
        fix: "Pass what fixedPoints or allFixedPoints gave as points.",
      });
    checkTensor(where, `${name}[${i}].kappa`, kappa, 1);
    return { place: (kappa as Vector).data, stability: stability as string };
  });
}

/** Fixed points within the extents: black where stable, white with shapes of their own elsewhere. */
export function restLayers(
  points: readonly { readonly place: Float64Array; readonly stability: string }[],
  [first, second]: readonly number[],
  x: Part,
  y: Part,
  [across, up]: readonly (readonly number[])[],
): Part[] {
  const values: Json[] = points.flatMap(({ place, stability }) => {
    const [px, py] = [place[first], place[second]];
    const inside = px >= across[0] && px <= across[1] && py >= up[0] && py <= up[1];
    return inside ? [{ x: px, y: py, stability }] : [];
  });
  if (values.length === 0) return [];
  const shape = {
    field: "stability",
    type: "nominal",
    title: null,
    scale: { domain: kinds, range: ["circle", "diamond", "square", "cross"] },
  };
  const color = {
    field: "stability",
    type: "nominal",
    title: null,
    scale: { domain: kinds, range: ["black", "white", "white", "white"] },
  };
  return [
    {
      data: { values },
      mark: { type: "point", filled: true, size: 90, stroke: "black", strokeWidth: 1.5, opacity: 1 },
      encoding: { x, y, shape, color },
    },
  ];
}
