import type { DecoderKind } from "./decoder";
import { identityDecoder } from "./identity-decoder";
import { linearDecoder } from "./linear-decoder";
import { orthogonalDecoder } from "./orthogonal-decoder";

const table = { linear: linearDecoder, orthogonal: orthogonalDecoder, identity: identityDecoder } as const;

/** A decoder of the library, by name. */
export type DecoderName = keyof typeof table;

export const decoderNames: readonly DecoderName[] = /* @__PURE__ */ Object.keys(table) as DecoderName[];

export const decoderKind = (name: DecoderName): DecoderKind => table[name];
