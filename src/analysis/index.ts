/** analysis: eigenvalues, Jacobians, latent dynamics and fixed points of networks, followed over learning. */
export type { AtOptions } from "./dynamics";
export { jacobian, type JacobianOptions } from "./jacobian";
export type { FixedPoint, Stability } from "./fixed-point";
export { fixedPoints, type FixedPointOptions, type FixedPoints, type ReachedPoint } from "./fixed-points";
export { allFixedPoints, type AllFixedPoints, type AllFixedPointsOptions, type Continuum } from "./all-fixed-points";
export type { Passage } from "./link-trials";
export type { BirthOrDeath, FixedPointBranch, FixedPointEvent, StabilityChange } from "./branches";
export { followFixedPoints, type FollowedFixedPoints, type FollowOptions } from "./follow-fixed-points";
export { overlaps, type Overlaps, type OverlapsOptions } from "./overlaps";
export { latentDynamics, type LatentDynamics } from "./latent-dynamics";
export { latentField, type Extents, type LatentField, type LatentFieldOptions } from "./latent-field";
export { latentActivity } from "./latent-activity";
export {
  weightEigenvalues,
  type Meeting,
  type WeightEigenvalues,
  type WeightEigenvaluesOptions,
} from "./weight-eigenvalues";
