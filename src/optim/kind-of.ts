import type { TransformKind } from "./transform";
import {
  accumulateKind,
  chainKind,
  clipByNormKind,
  decayWeightsKind,
  followedByKind,
  lbfgsKind,
  scaleByAdamKind,
  scaleByCurvatureKind,
  scaleByRateKind,
  scaleByRmsKind,
} from "./transforms";

/** Every kind of transform of the library, by its name here: bundlers can drop what is unused. */
export const transformKinds = (): readonly TransformKind[] => [
  chainKind,
  scaleByRateKind,
  clipByNormKind,
  accumulateKind,
  scaleByAdamKind,
  scaleByRmsKind,
  decayWeightsKind,
  lbfgsKind,
  scaleByCurvatureKind,
  followedByKind,
];

/** What is known of a kind of transform; undefined for a custom one. */
export const kindOf = (kind: unknown): TransformKind | undefined => transformKinds().find((one) => one.kind === kind);
