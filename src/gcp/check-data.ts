import { fail } from "../base";
import { indexOf, shapeText, type Tensor } from "../tensor";
import type { GcpLoss } from "./gcp-loss";

/** Beyond this, squares and products of entries overflow. */
const largest = 1e100;

/** Where the largest entry is below this, they underflow. */
const smallest = 1e-100;

/** Below this mean the floor of a loss is more than a thousandth of the data. */
const leastMean = 1e-7;

const kinds = {
  real: { fits: (x: number) => Math.abs(x) <= largest, words: "finite numbers up to 1e+100" },
  "non-negative": { fits: (x: number) => x >= 0 && x <= largest, words: "numbers from 0 to 1e+100" },
  counts: {
    fits: (x: number) => x >= 0 && x <= Number.MAX_SAFE_INTEGER && x === Math.floor(x),
    words: "counts, whole numbers of at least 0",
  },
  "positive counts": {
    fits: (x: number) => x >= 1 && x <= Number.MAX_SAFE_INTEGER && x === Math.floor(x),
    words: "counts of at least 1, since those of 0 are left out",
  },
  binary: { fits: (x: number) => x === 0 || x === 1, words: "0 and 1 only" },
} as const;

/** Refuse data for which the loss is not defined; entries where the mask is 0 are not read. */
export function checkData(where: string, { shape, data }: Tensor, loss: GcpLoss, mask: Tensor | undefined): void {
  const { fits, words } = kinds[loss.data ?? "real"],
    seen = mask?.data;
  for (let i = 0; i < data.length; i++) {
    if (fits(data[i]) || seen?.[i] === 0) continue;
    fail(where, {
      expected: `x of ${words}${mask ? " where it is observed" : ""}, for the loss ${loss.name}`,
      got: `${data[i]} at index [${indexOf(shape, i).join(", ")}] of shape ${shapeText(shape)}`,
      fix: Number.isFinite(data[i])
        ? "Take another loss, or fix the data."
        : "Mask what is missing (0), or fix the data.",
    });
  }
  if (!loss.data && loss.description) checkNotTiny(where, data, loss, seen);
  if (loss.data === "non-negative" && loss.description) checkAboveFloor(where, data, loss, seen);
}

/** Refuse data whose squares underflow; zeros are allowed. */
function checkNotTiny(where: string, data: Float64Array, { name }: GcpLoss, seen: Float64Array | undefined): void {
  let most = 0;
  for (let i = 0; i < data.length; i++) if (seen?.[i] !== 0) most = Math.max(most, Math.abs(data[i]));
  if (most === 0 || most >= smallest) return;
  fail(where, {
    expected: `x with an entry of at least ${smallest} in size, for the loss ${name}`,
    got: `none above ${most.toExponential(1)}`,
    fix: "Multiply x by a power of ten first.",
  });
}

/** Refuse data so small that the 1e-10 added to their model is not negligible. */
function checkAboveFloor(where: string, data: Float64Array, { name }: GcpLoss, seen: Float64Array | undefined): void {
  let sum = 0,
    count = 0;
  for (let i = 0; i < data.length; i++)
    if (seen?.[i] !== 0) {
      sum += data[i];
      count++;
    }
  if (sum === 0 || sum / count >= leastMean) return;
  fail(where, {
    expected: `x of a mean of at least ${leastMean} for the loss ${name}, which adds 1e-10 to its model`,
    got: `a mean of ${(sum / count).toExponential(1)}`,
    fix: "Multiply x by a power of ten: this loss has no unit.",
  });
}
