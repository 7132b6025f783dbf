/** scores: how much of the data a prediction explains. */
export { largestUnder, safeUnit, unitMeans } from "./unit-means";
export { varianceExplained, varianceExplainedIn, type ScoreMasks } from "./variance-explained";
export { explained, explainedIn, type Explained, type ExplainedOptions } from "./explained";
