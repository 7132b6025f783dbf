import { isRecord } from "../base";
import type { Extrapolation } from "./extrapolation";

/**
 * Refuse a memory that extrapolation cannot have made, for models whose factors carry their scale. The caller checks
 * which tensor it belongs to, and its earlier factors.
 */
export function checkMemory(
  refuse: (expected: string, got: unknown) => never,
  memory: Omit<Extrapolation, "of">,
  rank: number,
): void {
  if (!isRecord(memory)) refuse("start.extrapolation to be a record", memory);
  const { length, drops, plain, weights, odd = false } = memory;
  if (!(length >= 0 && length < Infinity)) refuse("start.extrapolation.length of at least 0", length);
  if (
    !Array.isArray(drops) ||
    drops.length !== 2 ||
    !drops.every((drop) => typeof drop === "number" && !Number.isNaN(drop))
  )
    refuse("start.extrapolation.drops to be two numbers", drops);
  if (typeof plain !== "boolean" || typeof odd !== "boolean")
    refuse("start.extrapolation.plain and odd to be true or false", typeof plain === "boolean" ? odd : plain);
  if (!Array.isArray(weights) || weights.length !== rank || !weights.every((weight) => weight === 1))
    refuse(`start.extrapolation.weights to be ${rank} ones`, weights);
}
