/** optim: gradient transforms, `chain`, schedules. */
export { applyUpdates, chain, type Schedule, type Span, type Transform } from "./transform";
export { accumulate, clipByNorm, scaleByAdam, scaleByRate, type Betas } from "./parts";
export { adam, momentum, sgd } from "./recipes";
export { cosineDecay } from "./schedules";
