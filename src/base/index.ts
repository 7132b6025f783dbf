/** base: failures that explain themselves, seeded random streams, `last`. */
export { LtrnnError, fail, type Failure } from "./fail";
export { checkAbove, checkWhole } from "./check";
export { random, type Random } from "./random";
export { last } from "./last";
export { power } from "./power";
export { provenance, version, type Provenance } from "./provenance";
