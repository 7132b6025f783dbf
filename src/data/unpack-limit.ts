import { fail } from "../base";
import { inWords } from "./memory";

/** How much a file may unpack to. */
export interface UnpackLimit {
  /** most bytes that all arrays read may take, unpacked, and again as doubles; default 2 GiB */
  readonly bytes?: number;
  /** most bytes unpacked per byte of the file, counted where they are more than 16 MiB; default 1000 */
  readonly ratio?: number;
}

export const unpackLimitFields = {
  bytes: { is: "whole number", least: 0, fallback: 2147483648 },
  ratio: { is: "number", above: 0, fallback: 1000 },
} as const;

/** Always allowed, however small the file: an array of zeros packs by more than a factor of a thousand. */
const harmless = 16777216;

/** Refuse files that unpack to more than the limit, before any is unpacked. */
export function checkUnpacked(
  where: string,
  sizes: readonly number[],
  fileSize: number,
  { bytes, ratio }: Required<UnpackLimit>,
): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > bytes)
    fail(where, {
      expected: `at most ${inWords(bytes)} unpacked, the limit`,
      got: inWords(total),
      fix: `If you trust the file, allow more: { limit: { bytes: ${total} } }; or read fewer arrays with only.`,
    });
  if (total > harmless && total > ratio * fileSize)
    fail(where, {
      expected: `at most ${ratio} times the file unpacked, the limit`,
      got: `${inWords(total)} from ${inWords(fileSize)}`,
      fix: `If you trust the file, allow more: { limit: { ratio: ${Math.ceil(total / fileSize)} } }.`,
    });
}
