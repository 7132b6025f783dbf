import type { DecoderKind } from "./decoder";

/** Neurons are the units, one by one: `y = g * h + d`, which takes no product of matrices. */
export const identityDecoder: DecoderKind = { freedom: { gain: "fixed", bias: "fixed" } };
