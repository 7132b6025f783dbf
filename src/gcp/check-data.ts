import { fail } from "../base";
import { indexOf, shapeText, type Tensor } from "../tensor";
import type { GcpLoss } from "./gcp-loss";

/** Beyond this squares and products of entries leave the range of doubles. */
const largest = 1e100;

const kinds = {
  real: { fits: (x: number) => Math.abs(x) <= largest, words: "finite numbers up to 1e+100" },
  "non-negative": { fits: (x: number) => x >= 0 && x <= largest, words: "numbers from 0 to 1e+100" },
  counts: {
    fits: (x: number) => x >= 0 && x <= Number.MAX_SAFE_INTEGER && x === Math.floor(x),
    words: "counts, whole numbers of at least 0",
  },
  binary: { fits: (x: number) => x === 0 || x === 1, words: "0 and 1 only" },
} as const;

/** Refuse data that the loss is not about; entries where the mask is 0 are not read. */
export function checkData(where: string, { shape, data }: Tensor, loss: GcpLoss, mask: Tensor | undefined): void {
  const { fits, words } = kinds[loss.data ?? "real"];
  for (let i = 0; i < data.length; i++) {
    if (mask?.data[i] === 0 || fits(data[i])) continue;
    fail(where, {
      expected: `x of ${words}${mask ? " where it is observed" : ""}, for the loss ${loss.name}`,
      got: `${data[i]} at index [${indexOf(shape, i).join(", ")}] of shape ${shapeText(shape)}`,
      fix: Number.isFinite(data[i])
        ? "Take another loss, or mend the data."
        : "Mask what is missing (0), or mend the data.",
    });
  }
}
