/** What x may hold where it is observed. */
export type GcpData = "real" | "non-negative" | "counts" | "positive counts" | "binary";

/** A loss of the library as plain data. */
export type GcpLossDescription =
  | { readonly kind: "gaussian" }
  | { readonly kind: "poisson" }
  | { readonly kind: "poissonLog" }
  | { readonly kind: "bernoulli" }
  | { readonly kind: "bernoulliLogit" }
  | { readonly kind: "negativeBinomial"; readonly failures: number }
  | { readonly kind: "gamma" }
  | { readonly kind: "rayleigh" }
  | { readonly kind: "zeroTruncatedPoisson" }
  | { readonly kind: "huber"; readonly threshold: number }
  | { readonly kind: "beta"; readonly beta: number };

/** A loss that needs no number. */
export type GcpLossName = Exclude<GcpLossDescription["kind"], "negativeBinomial" | "huber" | "beta">;

/** The loss of an entry x of the data and the entry m of a CP model. A custom loss is a record of this form. */
export interface GcpLoss {
  /** for messages and provenance */
  readonly name: string;
  /** plain data from which it can be made again; a custom loss has none */
  readonly description?: GcpLossDescription;
  /** what x may hold where it is observed; absent: any finite number */
  readonly data?: GcpData;
  /** whether m must not be below 0: then no factor is */
  readonly nonNegative?: boolean;
  /** the loss of one entry */
  value(x: number, m: number): number;
  /** its derivative in m */
  derivative(x: number, m: number): number;
  /** the expected value of x where the model is m; absent: m */
  mean?(m: number): number;
}
