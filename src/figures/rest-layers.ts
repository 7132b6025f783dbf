import { fail, isRecord, show } from "../base";
import type { Stability } from "../analysis";
import { checkTensor, type Vector } from "../tensor";
import type { Json, Part } from "./specification";
import { legendOf } from "./styles";

/** A fixed point as it is drawn. */
export interface RestPoint {
  /** latent activity (rank) */
  readonly kappa?: Vector;
  readonly stability: Stability;
}

/** All kinds, in the order of the legend. */
export const stabilities = ["stable", "saddle", "unstable", "marginal"] as const;

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
    if (!stabilities.includes(stability as Stability))
      fail(where, {
        expected: `${name}[${i}].stability to be ${stabilities.map((kind) => `"${kind}"`).join(" or ")}`,
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
  looks: {
    readonly extents: readonly (readonly number[])[];
    /** what stands in the legend */
    readonly kinds: readonly string[];
    /** of the whole figure */
    readonly width: number;
  },
): Part[] {
  const [across, up] = looks.extents;
  const values: Json[] = points.flatMap(({ place, stability }) => {
    const [px, py] = [place[first], place[second]];
    const inside = px >= across[0] && px <= across[1] && py >= up[0] && py <= up[1];
    return inside ? [{ x: px, y: py, stability }] : [];
  });
  if (values.length === 0) return [];
  const legend = legendOf(
    looks.kinds.map((label) => ({ label })),
    looks.width,
  );
  const by = (range: readonly string[]): Part => ({
    field: "stability",
    type: "nominal",
    title: null,
    scale: { domain: looks.kinds, range: looks.kinds.map((kind) => range[stabilities.indexOf(kind as Stability)]) },
    legend,
  });
  const shape = by(["circle", "diamond", "square", "cross"]),
    color = by(["black", "white", "white", "white"]);
  return [
    {
      data: { values },
      mark: { type: "point", filled: true, size: 90, stroke: "black", strokeWidth: 1.5, opacity: 1 },
      encoding: { x, y, shape, color },
    },
  ];
}
