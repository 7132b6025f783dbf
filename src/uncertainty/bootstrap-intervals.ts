import type { ComponentMatch } from "../fit";
import type { Tensor } from "../tensor";
import type { BootstrapIntervals, BootstrapSample } from "./fit-bootstrap";
import { percentilesOf, quantile } from "./percentiles";
import type { SeenParameters } from "./seen-parameters";

/** Percentiles of refits that stayed finite. */
export function bootstrapIntervals(
  first: SeenParameters,
  samples: readonly BootstrapSample[],
  level: number,
): BootstrapIntervals {
  const refits = samples.flatMap(({ parameters }) => (parameters ? [parameters] : []));
  const of = (read: (parameters: SeenParameters) => Tensor) => percentilesOf(read(first), refits.map(read), level);
  return {
    columns: of((p) => p.columns),
    rows: of((p) => p.rows),
    trialFactors: of((p) => p.trialFactors),
    inputs: of((p) => p.inputs),
    initialStates: of((p) => p.initialStates),
    decoder: Object.fromEntries(Object.keys(first.decoder).map((name) => [name, of((p) => p.decoder[name] as Tensor)])),
  };
}

/** The agreement with the fit that a share `level` of refits reaches, component by component. */
export function leastAgreement(samples: readonly BootstrapSample[], level: number): readonly ComponentMatch[] {
  const matches = samples.flatMap(({ components }) => (components ? [components] : []));
  return matches[0].map((_, r): ComponentMatch => {
    const at = (name: keyof ComponentMatch) =>
      quantile(Float64Array.from(matches, (match) => match[r][name]).sort(), 1 - level);
    return { column: at("column"), row: at("row"), trialFactor: at("trialFactor"), change: at("change") };
  });
}
