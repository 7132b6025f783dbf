import type { Level } from "../factored";
import type { Matrix, Tensor } from "../tensor";
import { completed } from "./completed";
import { hosvdStart } from "./hosvd-start";
import { nndsvdStart } from "./nndsvd-start";
import { randomStart } from "./random-start";

/** A start that is drawn, or computed from the data, whose missing entries are then filled in. */
export function drawnStart(
  kind: "random" | "hosvd" | "nndsvd",
  x: Tensor,
  rank: number,
  seed: number,
  { level, mask }: { readonly level?: Level; readonly mask?: Tensor | undefined },
): Matrix[] {
  if (kind === "random") return randomStart(x, rank, seed, level);
  const whole = mask ? completed(x, mask, rank, seed) : x;
  return kind === "hosvd" ? hosvdStart(whole, rank, seed) : nndsvdStart(whole, rank, seed);
}
