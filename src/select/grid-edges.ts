import type { AxisName } from "./candidate";
import type { GridPoint } from "./grid-points";

/** An axis along which the grid ends at the chosen value. */
export interface GridEdge {
  readonly axis: AxisName;
  readonly value: number;
  readonly end: "first" | "last";
  readonly statement: string;
}

/** Edges along numeric axes; a rank or size of at most 1 is no lower edge, since no smaller value exists. */
export function edgesOf(chosen: GridPoint, points: readonly GridPoint[]): GridEdge[] {
  return (["rank", "size", "kernel"] as const).flatMap((axis): GridEdge[] => {
    const value = chosen.axes[axis],
      tried = points.filter(({ model }) => model === chosen.model).map(({ axes }) => axes[axis]);
    if (typeof value === "number") return edgesAlong(axis, axis, value, tried);
    if (!Array.isArray(value)) return [];
    // ranks of several kinds: each has its own edge
    return value.flatMap((one: unknown, place) =>
      typeof one === "number"
        ? edgesAlong(
            axis,
            `${axis} in mode ${place},`,
            one,
            tried.map((list) => (Array.isArray(list) ? (list as unknown[])[place] : undefined)),
          )
        : [],
    );
  });
}

function edgesAlong(
  axis: "rank" | "size" | "kernel",
  name: string,
  value: number,
  tried: readonly unknown[],
): GridEdge[] {
  const values = tried.filter((one): one is number => typeof one === "number");
  const edge = (end: "first" | "last"): GridEdge => ({
    axis,
    value,
    end,
    statement:
      end === "last"
        ? `${name} ${value} is an edge of the grid, the largest that was tried: try larger ones.`
        : `${name} ${value} is an edge of the grid, the smallest that was tried: try smaller ones.`,
  });
  const least = axis === "kernel" ? 0 : 1;
  return [
    ...(values.every((other) => other >= value) && value > least ? [edge("first")] : []),
    ...(values.every((other) => other <= value) && value > 0 ? [edge("last")] : []),
  ];
}
