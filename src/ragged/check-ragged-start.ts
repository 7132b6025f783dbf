import { fail, show } from "../base";
import { checkMatrices, checkMemory } from "../decompose";
import type { RaggedData } from "./parafac2-problem";
import type { Parafac2Result } from "./parafac2-result";
import type { Parafac2PoissonResult } from "./poisson-result";

type EarlierState = Pick<Parafac2Result, "raw" | "extrapolation"> &
  (Pick<Parafac2Result, "relativeError"> | Pick<Parafac2PoissonResult, "relativeDeviance">);

/** Refuse the option `starts` where a start is given. */
export function checkOneStart(where: string, start: unknown, starts: number | undefined): void {
  if (start && starts !== undefined && starts > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${starts} starts`,
      fix: "Leave start out to compare several, or leave starts out to resume.",
    });
}

/** Refuse an earlier result of other trials or another rank, or one that was changed by hand. */
export function checkRaggedStart(
  where: string,
  { raw, extrapolation, ...state }: EarlierState,
  data: RaggedData,
  rank: number,
): void {
  const { x, ends, spans } = data,
    widths = ends.map((end, k) => spans?.[k].shape[1] ?? end - (k === 0 ? 0 : ends[k - 1])),
    sizes = [ends.length, rank, x.shape[1]];
  const refuse = (expected: string, got: unknown): never =>
    fail(where, {
      expected,
      got: show(got),
      fix: `Pass a result of ${where.replace(/Sweeps$/, "")} on these trials as start, as it was.`,
    });
  const check = (name: string, list: unknown, rows: readonly number[]): void =>
    checkMatrices(where, refuse, name, list, rows, rank);
  check("raw.factors", raw.factors, sizes);
  check("raw.bases", raw.bases, widths);
  check("extrapolation.previous", extrapolation?.previous, sizes);
  if (!(extrapolation.of >= 0)) refuse("start.extrapolation.of of at least 0", extrapolation.of);
  checkMemory(refuse, extrapolation, rank);
  const [name, level] =
    "relativeError" in state ? ["relativeError", state.relativeError] : ["relativeDeviance", state.relativeDeviance];
  if (!(level >= 0)) refuse(`start.${name} of at least 0`, level);
}
