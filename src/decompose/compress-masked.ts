import { random, square } from "../base";
import { firstColumns } from "../linalg";
import { identity, norm, type Tensor } from "../tensor";
import { compress, oversampling, type Compressed } from "./compression";
import { filledBy } from "./completed";
import { filled, meanOf } from "./masked-least-squares";
import { contractMode, expandedBy, tuckerResidual } from "./mode-kernels";

/** The most rounds of imputation, and the relative change of the error below which they end. */
const rounds = 30,
  settled = 1e-3;

/**
 * A core of a tensor with missing entries, on which starts can be compared: x is compressed with its missing entries at
 * the mean of the observed ones; then these are taken from the compressed tensor, and so on (expectation maximization
 * of a Tucker model). Modes have `rank` directions, as many as components can fill: with more, missing entries would
 * keep their first values.
 *
 * The core is that of the completed tensor, not of the observed entries: sweeps over these have to follow.
 *
 * @param size - the norm of the observed entries
 */
export function compressMasked(x: Tensor, mask: Tensor, rank: number, seed: number, size: number): Compressed {
  const observed = filled(x, mask, NaN);
  let full = filled(x, mask, meanOf(x, mask)),
    error = Infinity;
  for (let round = 1; ; round++) {
    const small = truncated(compress(full, rank + oversampling, random(seed, "cp compression")), rank),
      reached = size === 0 ? 0 : Math.sqrt(tuckerResidual(observed, small.core, small.factors)) / size;
    if (round === rounds || !(Math.abs(error - reached) > settled * reached)) {
      const whole = norm(full);
      return { ...small, energy: whole === 0 ? 1 : Math.min(1, square(norm(small.core) / whole)) };
    }
    error = reached;
    full = filledBy(x, mask, expandedBy(small.core, small.factors).data);
  }
}

/** The directions of every mode with the largest singular values, `rank` of them at most. */
function truncated({ core: whole, factors, energy }: Compressed, rank: number): Compressed {
  let core = whole;
  const kept = factors.map((u, mode) => {
    const size = whole.shape[mode],
      count = Math.min(rank, size);
    if (count < size) core = contractMode(core, firstColumns(identity(size), count), mode);
    return firstColumns(u, count);
  });
  return { core, factors: kept, energy };
}
