/** ragged: PARAFAC2, decompositions of trials of different lengths without padding. */
export type { Parafac2, Parafac2Raw, Parafac2Result, Parafac2Start } from "./parafac2-result";
export type { Parafac2Counts, Parafac2PoissonResult } from "./poisson-result";
export type { Parafac2Constraints, Parafac2Options } from "./parafac2-options";
export { parafac2, parafac2Sweeps } from "./parafac2";
export { evolvingFactors, parafac2ToTrials } from "./parafac2-to-trials";
export type { Parafac2PoissonOptions } from "./poisson-options";
export { parafac2Poisson, parafac2PoissonSweeps, parafac2Rates } from "./parafac2-poisson";
