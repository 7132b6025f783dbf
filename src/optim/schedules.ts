/** The schedules of the library: one is a file, and a line here. A description is looked up among the kinds. */
export { cosineDecay, cosineDecayKind, type CosineDecay, type CosineDecayOptions } from "./cosine-decay";
