import { provenance, type Provenance, readOptions, failingAs } from "../base";
import { checkFinite, checkTensor, type Tensor, unfold } from "../tensor";
import { countedAbove, rankFields, type RankOptions } from "./numerical-rank";
import { singularValues } from "./svd";
import { roundingOf } from "./tolerance";

/** The numerical rank of every unfolding. */
export interface MultilinearRank {
  /** one per mode */
  readonly ranks: readonly number[];
  readonly thresholds: readonly number[];
  /** of each unfolding, largest first */
  readonly singularValues: readonly (readonly number[])[];
  readonly provenance: Provenance;
}

/**
 * The multilinear rank: the {@link numericalRank} of the unfolding in every mode.
 *
 * @throws {@link LtrnnError} when an entry is not finite or a tolerance is negative
 * @see Kolda & Bader (2009), SIAM Review 51, section 4.1: the n-rank
 * @example multilinearRank(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1])).ranks // [2, 2, 2]
 */
export function multilinearRank(x: Tensor, options: RankOptions = {}): MultilinearRank {
  const where = "multilinearRank";
  checkTensor(where, "x", x);
  checkFinite(where, "x", x);
  const { tolerance, absolute } = readOptions(where, options, rankFields);
  const modes = x.shape.map((_, mode) => {
    const unfolding = unfold(x, mode);
    return countedAbove(
      failingAs(where, () => singularValues(unfolding)),
      tolerance ?? roundingOf(unfolding),
      absolute,
    );
  });
  return {
    ranks: modes.map(({ rank }) => rank),
    thresholds: modes.map(({ threshold }) => threshold),
    singularValues: modes.map((mode) => mode.singularValues),
    provenance: provenance(where, null, { tolerance, absolute }),
  };
}
