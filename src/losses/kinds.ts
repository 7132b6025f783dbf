import { poissonKind } from "./poisson";
import { squaredErrorKind } from "./squared-error";

/** The losses of the library by their kinds: a loss is one file, and one entry here. */
export const lossKinds = { meanSquaredError: squaredErrorKind, poisson: poissonKind } as const;

/** A loss of the library, by name: with its defaults. */
export type LossName = keyof typeof lossKinds;
