import type { Dataset } from "h5wasm";
import { fail } from "../base";
import { checkUnpacked, unpackLimitFields } from "../data";
import { sizeOf } from "../tensor";

/** The option `limit` of every reader. */
export const limitField = { is: "record", of: unpackLimitFields, fallback: {} } as const;

/** What one dataset may claim to hold. */
export interface Claims {
  /** as doubles */
  readonly bytes: number;
  /** times the size of the file, as soon as that is more than 16 MiB */
  readonly ratio: number;
  readonly fileSize: number;
}

export const claimsOf = (limit: { readonly bytes?: number; readonly ratio?: number }, file: Uint8Array): Claims => ({
  bytes: limit.bytes ?? limitField.of.bytes.fallback,
  ratio: limit.ratio ?? limitField.of.ratio.fallback,
  fileSize: file.length,
});

/**
 * Refuse a dataset that claims too much, before memory is taken for it. A file of any size can claim any: entries and
 * chunks that were never written are read as a fill value, and deflate packs zeros by a factor of a thousand. A chunk
 * that is packed is unpacked whole, even where the dataset is smaller.
 */
export function checkClaim(
  where: string,
  { path, metadata: { shape, chunks, size, array_type: inner } }: Dataset,
  { bytes, ratio, fileSize }: Claims,
): void {
  const entries = sizeOf(shape ?? []),
    doubles = 8 * entries * sizeOf(inner?.shape ?? []);
  if (doubles > bytes)
    fail(where, {
      expected: `datasets of at most ${bytes} bytes as doubles, the limit`,
      got: `${doubles} for ${path}`,
      fix: `If you trust the file, allow more: { limit: { bytes: ${doubles} } }; or read fewer with only.`,
    });
  checkUnpacked(where, [size * Math.max(entries, sizeOf(chunks ?? []))], fileSize, { bytes: Infinity, ratio });
}
