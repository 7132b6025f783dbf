import { fail } from "../base";
import { checkTensor, shapeText, sizeOf, type Tensor } from "../tensor";

/** Refuse what has no units (the last mode), or no entries. @returns the number of units */
export function checkUnits(where: string, x: Tensor): number {
  checkTensor(where, "x", x);
  const units = x.shape.at(-1);
  if (!units || sizeOf(x.shape) === 0)
    fail(where, {
      expected: "x with units as its last mode, and entries",
      got: `shape ${shapeText(x.shape)}`,
      fix: "Pass a tensor (trials × time × units).",
    });
  const infinite = x.data.findIndex((value) => value === Infinity || value === -Infinity);
  if (infinite >= 0)
    fail(where, {
      expected: "finite entries, or NaN where one is missing",
      got: `${x.data[infinite]} at flat position ${infinite}`,
      fix: "Set it to NaN if it is missing.",
    });
  return units;
}

/** The entries that are not missing, unit by unit. */
export function eachEntry(x: Tensor, units: number, visit: (unit: number, value: number) => void): void {
  for (let i = 0; i < x.data.length; i++) if (!Number.isNaN(x.data[i])) visit(i % units, x.data[i]);
}
