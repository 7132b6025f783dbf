import { fail, isRecord, readOptions, show, type FieldsOf, type Filled } from "../base";
import type { FitOptions } from "../fit";
import type { FitBootstrap } from "./fit-bootstrap";

export interface BootstrapOptions {
  /** the options of the fit; its `start` is ignored; defaults: see {@link FitOptions} */
  readonly fitOptions?: FitOptions;
  /** number of refits; default 100. 90 % intervals need at least 100, 99 % intervals ten times as many */
  readonly replicates?: number;
  /** probability of the intervals; default 0.9 */
  readonly level?: number;
  /** neighboring trials whose noise may be correlated; default 1 */
  readonly block?: number;
  /** updates of each refit at most; default 1000 */
  readonly updates?: number;
  /** default 0 */
  readonly seed?: number;
  /**
   * an earlier bootstrap of the same fit: this call continues it, to the same bits as an uninterrupted one; default a
   * new one
   */
  readonly start?: FitBootstrap;
  /** stops it with status "aborted"; default none */
  readonly signal?: AbortSignal;
}

const fields = {
  fitOptions: { is: "checked", check: checkFitOptions, fallback: {} },
  replicates: { is: "whole number", least: 2, most: 100_000, fallback: 100 },
  level: { is: "number", above: 0, below: 1, fallback: 0.9 },
  block: { is: "whole number", least: 1, most: 16384, fallback: 1 },
  updates: { is: "whole number", least: 1, most: 1_000_000, fallback: 1000 },
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkStart },
  signal: { is: "AbortSignal" },
} as const satisfies FieldsOf<BootstrapOptions>;

export type GivenBootstrap = Filled<BootstrapOptions, typeof fields>;

export const readBootstrapOptions = (where: string, options: BootstrapOptions | undefined): GivenBootstrap =>
  readOptions<BootstrapOptions, typeof fields>(where, options, fields);

function checkFitOptions(where: string, name: string, value: unknown): void {
  if (!isRecord(value))
    fail(where, {
      expected: `${name} to be the record of options that the fit was given`,
      got: show(value),
      fix: "Pass the options of fitLowTensorRank.",
    });
}

function checkStart(where: string, name: string, value: unknown): void {
  const { samples, provenance } = (isRecord(value) ? value : {}) as Partial<FitBootstrap>;
  if (!Array.isArray(samples) || !samples.every(isRecord) || !isRecord(provenance) || !isRecord(provenance.options))
    fail(where, {
      expected: `${name} to be a bootstrap { samples, provenance, … }`,
      got: show(value),
      fix: "Pass what bootstrapFit gave.",
    });
}
