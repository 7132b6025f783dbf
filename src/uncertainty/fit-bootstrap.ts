import type { Provenance, Status } from "../base";
import type { ComponentMatch } from "../fit";
import type { Percentiles } from "./percentiles";
import type { SeenParameters } from "./seen-parameters";

/** One refit of resampled activity. */
export interface BootstrapSample {
  /** updates made */
  readonly steps: number;
  /** one that diverged is left out of the percentiles */
  readonly status: Status;
  /** how each component agrees with that of the fit; absent where the refit diverged */
  readonly components?: readonly ComponentMatch[];
  /** whether it ended in another solution than the fit, and is left out of the percentiles. Absent where it diverged */
  readonly elsewhere?: boolean;
  /** in the gauge, order and signs of the fit; absent where the refit diverged */
  readonly parameters?: SeenParameters;
}

/** Percentiles of what a fit found, entry by entry: see {@link SeenParameters} for what each record is. */
export interface BootstrapIntervals {
  readonly columns: Percentiles;
  readonly rows: Percentiles;
  readonly trialFactors: Percentiles;
  readonly inputs: Percentiles;
  readonly initialStates: Percentiles;
  readonly decoder: Readonly<Record<string, Percentiles>>;
}

/** A fit's parameters with percentiles from refits so far. Progress, result and checkpoint in one; plain data. */
export interface FitBootstrap {
  /** of refits that stayed in the solution of the fit, from two on */
  readonly intervals?: BootstrapIntervals;
  /**
   * the agreement with the fit that a share `level` of the refits reaches, by component: where it is low, the component
   * is not determined, and its percentiles mix different components
   */
  readonly agreement?: readonly ComponentMatch[];
  /** the probability outside the interval, both sides together, is 1 - level */
  readonly level: number;
  readonly samples: readonly BootstrapSample[];
  readonly replicates: number;
  /** how many refits so far ended in another solution than the fit */
  readonly elsewhere: number;
  /** what residuals were multiplied by */
  readonly inflation: number;
  /**
   * "exhausted" where a refit ran out of updates, so that percentiles may be too narrow; "degenerate" where fewer than
   * two refits stayed finite and in the solution of the fit
   */
  readonly status: Status;
  /** which errors the percentiles include, and which they leave out */
  readonly covers: string;
  readonly provenance: Provenance;
}
