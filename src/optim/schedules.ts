/** The schedules of the library: one is a file, a line here, and its kind where descriptions are looked up. */
export { cosineDecay, cosineDecayKind, type CosineDecay, type CosineDecayOptions } from "./cosine-decay";
