import type { FieldsOf } from "../base";
import type { PlannedInnovation } from "../kernels";
import { binWidthField, linkField, links, type LinkName } from "./link";
import type { EntryLoss } from "./loss";

/** What counts say beyond the expected ones, by name. */
export const innovationNames = ["residual", "score", "pearson"] as const;
export type InnovationName = (typeof innovationNames)[number];

/**
 * The correction of the states of a filter that observes counts n, where outputs y give expected counts
 * `m = binWidth f(y)`.
 */
export interface CountInnovation {
  /**
   * "residual": `n - m`; "score": `(n - m) f'(y) / f(y)`, the derivative of the Poisson log likelihood in y; "pearson":
   * `(n - m) / sqrt(m)`. They are the same for counts with more variance, since the gain is learned
   */
  readonly kind: InnovationName;
  /** f; default "softplus" */
  readonly link?: LinkName | undefined;
  /** default 1 */
  readonly binWidth?: number | undefined;
}

export const innovationFields = {
  kind: { is: "name", of: innovationNames, needed: true },
  link: linkField,
  binWidth: binWidthField,
} as const satisfies FieldsOf<CountInnovation>;

/** As the kernels number it. */
export const plannedInnovation = ({ kind, link = "softplus", binWidth = 1 }: CountInnovation): PlannedInnovation => ({
  kind: innovationNames.indexOf(kind) as PlannedInnovation["kind"],
  link: links[link].number,
  binWidth,
});

/** That of a loss of the library on counts; undefined for others. */
export function innovationOf({ description }: EntryLoss, kind: InnovationName): CountInnovation | undefined {
  const { kind: loss, link, binWidth } = description;
  if (loss !== "poisson" && loss !== "negativeBinomial") return undefined;
  return { kind, link: link as LinkName, binWidth: binWidth as number };
}
