import { negativeBinomialKind } from "./negative-binomial";
import { poissonKind } from "./poisson";
import { squaredErrorKind } from "./squared-error";

/** The losses of the library by their kinds: a loss is one file, and one entry here. */
export const lossKinds = {
  meanSquaredError: squaredErrorKind,
  poisson: poissonKind,
  negativeBinomial: negativeBinomialKind,
} as const;

type Kinds = typeof lossKinds;

/** A loss of the library by name, where it has a default for all its numbers. */
export type LossName = {
  [K in keyof Kinds]: Kinds[K]["fields"] extends Readonly<Record<string, { readonly fallback: unknown }>> ? K : never;
}[keyof Kinds];
