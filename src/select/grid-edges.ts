import type { AxisName } from "./candidate";
import type { GridPoint } from "./grid-points";

/** An axis along which the grid ends at the chosen value. */
export interface GridEdge {
  readonly axis: AxisName;
  readonly value: number;
  readonly end: "first" | "last";
  readonly statement: string;
}

/** Axes of numbers along which more may lie beyond the chosen value; a rank or size of at most 1 has nothing below. */
export function edgesOf(chosen: GridPoint, points: readonly GridPoint[]): GridEdge[] {
  return (["rank", "size", "kernel"] as const).flatMap((axis): GridEdge[] => {
    const value = chosen.axes[axis];
    if (typeof value !== "number") return [];
    const values = points
      .filter(({ model }) => model === chosen.model)
      .map(({ axes }) => axes[axis])
      .filter((one) => typeof one === "number");
    const edge = (end: "first" | "last"): GridEdge => ({
      axis,
      value,
      end,
      statement:
        end === "last"
          ? `${axis} ${value} is an edge of the grid, the largest that was tried: try larger ones.`
          : `${axis} ${value} is an edge of the grid, the smallest that was tried: try smaller ones.`,
    });
    const least = axis === "kernel" ? 0 : 1;
    return [
      ...(value === Math.min(...values) && value > least ? [edge("first")] : []),
      ...(value === Math.max(...values) && value > 0 ? [edge("last")] : []),
    ];
  });
}
