import { fail } from "../base";
import { observedCount, type FitAgain, type LowTensorRankFit } from "../fit";
import type { LossDescription } from "../losses";
import type { FitBootstrap } from "./fit-bootstrap";
import { dispersionsIn } from "./residual-scores";

// Checks of a fit whose residuals are drawn again, and of an earlier bootstrap of it.

/** Refuse a fit whose residuals cannot be drawn again. */
export function checkResampled(where: string, fit: LowTensorRankFit, { loss }: FitAgain): LossDescription {
  const counts = loss?.kind === "poisson" || loss?.kind === "negativeBinomial",
    filter = fit.model.params.filterGain !== undefined,
    dispersion = counts ? Math.max(...dispersionsIn(loss)) : 0;
  if (loss?.kind === "meanSquaredError" && !filter) return loss;
  if (counts && !filter && fit.firingRates && dispersion <= 10) return loss;
  return fail(where, {
    expected: "a fit with a loss of the library, on counts without a head, whose network is not run as a filter",
    got: filter
      ? "a filter"
      : dispersion > 10
        ? `a dispersion of ${dispersion}, above 10`
        : counts
          ? "counts read by a head"
          : loss
            ? `the loss ${loss.kind}`
            : "a custom loss",
    fix: "Fit each half of the trials on its own, and see by matchFits what both agree on.",
  });
}

/** The entries that the fit used. */
export function seenEntries({ train, validation }: FitAgain): Float64Array {
  return validation ? train.data.map((seen, i) => (seen !== 0 || validation.data[i] !== 0 ? 1 : 0)) : train.data;
}

/** Residuals are smaller than the noise by what was fitted: n entries with p parameters leave (n - p) / n of it. */
export function inflationOf(where: string, { train, parameters }: FitAgain): number {
  const entries = observedCount(train);
  if (entries > parameters) return Math.sqrt(entries / (entries - parameters));
  return fail(where, {
    expected: `more entries than the ${parameters} parameters of the fit, so that residuals tell of the noise`,
    got: String(entries),
    fix: "Fit with a lower rank, fewer units or fewer inputs.",
  });
}

/** Refuse blocks of which there are fewer than two: all residuals would have one sign. */
export function checkBlock(where: string, trials: number, block: number): void {
  if (2 * block > trials)
    fail(where, {
      expected: `at least two blocks of ${block} ${block === 1 ? "trial" : "trials"}, which have signs of their own`,
      got: `${trials} ${trials === 1 ? "trial" : "trials"}`,
      fix: "Shorten block, or fit more trials.",
    });
}

/**
 * Refuse to continue a bootstrap of another fit, or with other draws; the number of replicates and the level may
 * change.
 */
export function checkSame(
  where: string,
  { provenance: { seed, options, facts } }: FitBootstrap,
  now: Pick<FitBootstrap["provenance"], "seed" | "options" | "facts">,
): void {
  const drawn = ({ replicates: _, level: __, ...rest }: Readonly<Record<string, unknown>>) => JSON.stringify(rest),
    same =
      seed === now.seed && drawn(options) === drawn(now.options) && JSON.stringify(facts) === JSON.stringify(now.facts);
  if (!same)
    fail(where, {
      expected: `the fit, seed, block and updates of the earlier bootstrap: seed ${seed}, ${drawn(options)}`,
      got:
        `seed ${now.seed}, ` +
        `${drawn(now.options)}${JSON.stringify(facts) === JSON.stringify(now.facts) ? "" : ", and another fit"}`,
      fix: "Pass what the earlier bootstrap was given; replicates and level may change.",
    });
}
