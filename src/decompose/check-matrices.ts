import { checkFinite, checkTensor, type Matrix } from "../tensor";

/** Refuse a list of a start that is not one finite matrix (rows × rank) for each number of rows. */
export function checkMatrices(
  where: string,
  refuse: (expected: string, got: unknown) => never,
  name: string,
  list: unknown,
  rows: readonly number[],
  rank: number,
): void {
  if (!Array.isArray(list) || list.length !== rows.length) refuse(`start.${name} to be ${rows.length} matrices`, list);
  (list as Matrix[]).forEach((m, i) => {
    checkTensor(where, `start.${name}[${i}]`, m, 2);
    if (m.shape[0] !== rows[i] || m.shape[1] !== rank)
      refuse(`start.${name}[${i}] of shape ${rows[i]} × ${rank}`, m.shape.join(" × "));
    checkFinite(where, `start.${name}[${i}]`, m);
  });
}
