import { fail } from "../base";

/** How much a reader may still take, so that no small file can fill the memory. */
export interface Budget {
  /** bytes in all, as the caller allows them */
  readonly limit: number;
  /** bytes not yet taken */
  left: number;
}

export const budgetOf = (limit: number): Budget => ({ limit, left: limit });

/** Take `bytes` from the budget for `what` before they are allocated, or refuse. */
export function takeFrom(budget: Budget, where: string, what: string, bytes: number): void {
  if (bytes <= budget.left) {
    budget.left -= bytes;
    return;
  }
  fail(where, {
    expected: `arrays of at most ${inWords(budget.limit)}, the limit`,
    got: `${inWords(bytes)} for ${what}${budget.left < budget.limit ? ` with ${inWords(budget.left)} left` : ""}`,
    fix: `If you trust the file, allow more: { limit: { bytes: ${budget.limit - budget.left + bytes} } }.`,
  });
}

/** What `make` gives; where the engine has no memory for it, which it says by a RangeError, an error of ours. */
export function orWithoutMemory<T>(where: string, what: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(where, {
      expected: `memory for ${what}`,
      got: "none of that size",
      fix: "Read fewer arrays at a time, or save them in parts.",
    });
  }
}

/** Bytes in the unit that people use. */
export function inWords(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let size = bytes,
    unit = 0;
  while (size >= 1024 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${unit === 0 ? size : Number(size.toPrecision(4))} ${units[unit]}`;
}
