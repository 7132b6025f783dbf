import type { DecoderKind } from "./decoder";

/** Neurons are the units, one by one: `y = g * h + d`, without a matrix product. */
export const identityDecoder: DecoderKind = { freedom: { gain: "fixed", bias: "fixed" } };
