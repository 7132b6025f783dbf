import { checkWhole, fail, show } from "../base";

/** Refuse a list of modes with anything else in it than modes, each once. */
export function checkModes(where: string, name: string, modes: readonly number[], count: number): void {
  if (!Array.isArray(modes))
    fail(where, {
      expected: `${name} to be an array of modes`,
      got: show(modes),
      fix: `Pass ${name} as an array of whole numbers from 0 to ${count - 1}.`,
    });
  for (const mode of modes) checkWhole(where, `each mode in ${name}`, mode, 0, count - 1);
  if (new Set(modes).size < modes.length)
    fail(where, {
      expected: `each mode once in ${name}`,
      got: modes.join(", "),
      fix: "Leave out the repeated ones.",
    });
}
