/** factored: CP and Tucker decompositions as records: conversions, canonical form, matching, diagnostics. */
export {
  checkRange,
  columnUnits,
  exponentOf,
  rescaled,
  dividedColumns,
  rescaledColumns,
  timesPowerOfTwo,
  unitOf,
} from "./units";
export { checkCp, checkModelOf, cpOf, cpToTensor, type Cp } from "./cp";
export { canonical, canonicalForm } from "./canonical";
export { gramOfOthers, weightsInLast } from "./cp-products";
export { cpFromArrays, cpToArrays } from "./cp-arrays";
export { bestAssignment } from "./assignment";
export { factorMatchScore, matchComponents, type FactorMatch, type MatchOptions } from "./match-components";
export { alignComponents } from "./align-components";
export { cpEquivalent, type EquivalenceOptions } from "./cp-equivalent";
export { correlationIndex, type CorrelationIndexOptions } from "./correlation-index";
export { congruenceMatrix } from "./congruence-matrix";
export { cancels, cpDegeneracy, type Degeneracy, type DegeneracyOptions } from "./degeneracy";
export type { Level } from "./level";
export { inUnit, normInUnit, type InUnit } from "./in-unit";
export { componentVariance, type ComponentVariance } from "./component-variance";
export { leverage } from "./leverage";
export { sliceErrors, type OutlyingSlice, type SliceErrors } from "./slice-errors";
export { resolveSigns, type SignResolution } from "./resolve-signs";
export { coreConsistency, type CoreConsistencyOptions } from "./core-consistency";
export { checkTucker, expanded, tuckerToTensor, type Tucker } from "./tucker-to-tensor";
export { cpGradient, cpModeProduct, cpNorm, type CpGradient } from "./cp-algebra";
export { cpInner } from "./cp-inner";
export { cpEntries } from "./cp-entries";
export { cpSum, selectComponents } from "./components";
export { addNoise, type AddNoiseOptions } from "./add-noise";
export { distributeWeights, type DistributeWeightsOptions } from "./distribute-weights";
export { tuckerGradient, tuckerModeProduct, tuckerNorm, type TuckerGradient } from "./tucker-algebra";
export { tuckerNormalize, type TuckerNormalizeOptions } from "./tucker-normalize";
export { randomCp, randomTucker, type RandomModelOptions } from "./random-models";
