import { fail } from "./fail";
import { show } from "./show";

/** Refuse anything but a whole number in [least, most]; the message names the argument. */
export function checkWhole(
  where: string,
  name: string,
  value: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${most}`;
  fail(where, {
    expected: `${name} to be a whole number ${range}`,
    got: show(value),
    fix: `Pass a whole number for ${name}.`,
  });
}

/** Refuse anything but a finite number above `least` (or equal to it, where `orEqual`). */
export function checkAbove(where: string, name: string, value: number, least: number, orEqual = false): void {
  if (Number.isFinite(value) && (value > least || (orEqual && value === least))) return;
  fail(where, {
    expected: `${name} to be a finite number ${orEqual ? "at least" : "above"} ${least}`,
    got: show(value),
    fix: `Pass such a number for ${name}.`,
  });
}

/** Refuse a seed that is not a finite number. */
export function checkSeed(where: string, seed: number): void {
  if (Number.isFinite(seed)) return;
  fail(where, {
    expected: "seed to be a finite number",
    got: show(seed),
    fix: "Pass a number, such as 7: one seed always draws the same numbers.",
  });
}
