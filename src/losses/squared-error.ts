import { square } from "../base";
import type { EntryLoss } from "./loss";

/** Half the mean of (y - target)² over the observed entries. */
export interface MeanSquaredError extends EntryLoss {
  readonly kind: "meanSquaredError";
}

/** The default loss: `1/2 mean (y - target)²`. */
export const meanSquaredError: MeanSquaredError = {
  kind: "meanSquaredError",
  description: { kind: "meanSquaredError" },
  information: () => 1,
  entry: (y, target) => [square(y - target) / 2, y - target],
  compare: ({ kernels, gradient, outputs, targets, rows, scale }) =>
    kernels.squaredError(gradient, outputs, targets, rows, scale) / 2,
};

/** How `lossFrom` makes it. */
export const squaredErrorKind = { fields: {}, make: (): MeanSquaredError => meanSquaredError } as const;
