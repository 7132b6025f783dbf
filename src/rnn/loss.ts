import { checkAbove, fail } from "../base";
import type { OwnLoss } from "./own-loss";

/** Half the mean of (y - target)² over the observed entries. */
export interface MeanSquaredError {
  readonly kind: "meanSquaredError";
}

/** See {@link poissonLoss}. */
export interface PoissonLoss {
  readonly kind: "poisson";
  readonly binWidth: number;
  readonly gain: number;
  readonly link: "softplus" | "exp";
}

/** Losses that come with the library: plain records. */
export type ShippedLoss = MeanSquaredError | PoissonLoss;

/** What outputs and targets are compared by. */
export type Loss = ShippedLoss | OwnLoss;

export const meanSquaredError: MeanSquaredError = { kind: "meanSquaredError" };

/**
 * Spike counts: `count ~ Poisson(rate)`, `rate = binWidth f(gain C h + bias)`, f softplus or exp. The loss is the mean of `rate - count log rate` over the
 * observed entries: the negative log likelihood less `log count!`, which no parameter moves.
 *
 * @param options - binWidth of the counts, in the unit of time that rates are wanted in (default 1), gain (default 1), and link, the name of f (default "softplus")
 * @throws {@link LtrnnError} when binWidth or gain is not above 0, or the link has another name
 * @example poissonLoss({ binWidth: 0.02 }).link // "softplus"
 */
export function poissonLoss({
  binWidth = 1,
  gain = 1,
  link = "softplus",
}: Partial<Omit<PoissonLoss, "kind">> = {}): PoissonLoss {
  checkAbove("poissonLoss", "binWidth", binWidth, 0);
  checkAbove("poissonLoss", "gain", gain, 0);
  if (link !== "softplus" && link !== "exp")
    fail("poissonLoss", { expected: 'link to be "softplus" or "exp"', got: String(link), fix: "Name one of the two." });
  return { kind: "poisson", binWidth, gain, link };
}
