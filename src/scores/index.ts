/** scores: how much of the data a prediction explains. */
export { largestUnder, unitMeans } from "./unit-means";
export { varianceExplained, varianceExplainedIn, type ScoreMasks } from "./variance-explained";
export { explained, explainedIn, type Explained, type ExplainedOptions } from "./explained";
export { nearPairCeiling, type Ceiling, type CeilingOptions } from "./near-pair-ceiling";
export { meanAndError, type MeanAndError } from "./mean-and-error";
export { bitsPerSpike, type BitsPerSpike, type BitsPerSpikeOptions } from "./bits-per-spike";
export { r2Score } from "./r2-score";
export { psthR2, type PsthOptions } from "./psth-r2";
export { decodingR2, type Decodable, type Decoding, type DecodingOptions } from "./decoding-r2";
export {
  fewShotCoSmoothing,
  type FewShot,
  type FewShotOptions,
  type LatentsAndCounts,
} from "./few-shot-co-smoothing";
export {
  correlationParts,
  type CorrelationOptions,
  type CorrelationParts,
  type Correlations,
} from "./correlation-parts";
export { scorecard, type Score, type Scorecard, type ScorecardData, type ScoredFit } from "./scorecard";
