/** base: failures that explain themselves, options by table, elementary functions, seeded random streams, `last`. */
export { LtrnnError, fail, type Divergence, type Failure } from "./fail";
export { show } from "./show";
export { checkAbove, checkSeed, checkWhole } from "./check";
export { isCallable, isRecord } from "./kinds";
export { defined } from "./defined";
export { phrase, type Field, type Fields, type FieldsOf, type Filled } from "./field";
export { readOptions, readPart } from "./options";
export { advice, type Status } from "./status";
export { nearestExponent, powerOfTwo, powerOfTwoBelow, scaled } from "./double-bits";
export { acos, asin, atanh, cos, exp, expm1, log, log1p, pow, sin, square, tan } from "./elementary";
export { safeUnit } from "./safe-unit";
export { random, type Random } from "./random";
export { failingAs } from "./failing-as";
export { inNameOf } from "./in-name-of";
export { last } from "./last";
export { halving, type Racer, type Turn } from "./halving";
export { checksum, textChecksum } from "./checksum";
export { provenance, schema, schemaField, version, type Provenance } from "./provenance";
