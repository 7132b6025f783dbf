import { fail, show } from "../base";
import { checkTensor } from "./check";
import { permute } from "./permute";
import { sizeOf, type Matrix, type Tensor } from "./shape";

/**
 * The unfolding of several modes: rows are the indices in `rows`, in that order, the last fastest, columns all others
 * in increasing order, the last fastest. `unfoldModes(x, [n])` is `unfold(x, n)`.
 *
 * @throws {@link LtrnnError} when `rows` holds anything but modes of x, each once
 * @remarks O(entries); a copy.
 * @example unfoldModes(tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), [0, 2]).data
 * // Float64Array [1, 3, 2, 4, 5, 7, 6, 8]
 */
export function unfoldModes(x: Tensor, rows: readonly number[]): Matrix {
  checkTensor("unfoldModes", "x", x);
  const { shape } = x;
  if (
    !Array.isArray(rows) ||
    new Set(rows).size < rows.length ||
    !rows.every((mode) => Number.isInteger(mode) && mode >= 0 && mode < shape.length)
  )
    fail("unfoldModes", {
      expected: `rows to be modes from 0 to ${shape.length - 1}, each once`,
      got: Array.isArray(rows) ? `[${rows.slice(0, 10).map(show).join(", ")}]` : show(rows),
      fix: "Modes count from 0.",
    });
  const columns = [...shape.keys()].filter((mode) => !rows.includes(mode)),
    sizes = (modes: readonly number[]) => sizeOf(modes.map((mode) => shape[mode]));
  return { shape: [sizes(rows), sizes(columns)], data: permute(x, [...rows, ...columns]).data };
}
