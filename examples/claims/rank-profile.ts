/** How many components the changes of weights need, beside changes whose steps share no directions. */
import { cpAls, norm, rotatedIncrements, weightChanges, zeros, type Tensor3 } from "ltrnn";

export interface RankProfile {
  /** variance that a CP of rank 1, 2, … explains of the changes, and of their null */
  readonly changes: readonly number[];
  readonly null: readonly number[];
}

/** Every `every`-th slice of the last mode, the first left out: changes are zero there. */
function thinned({ shape: [rows, columns, count], data }: Tensor3, every: number): Tensor3 {
  const kept = Math.floor((count - 1) / every),
    out = zeros([rows, columns, kept]);
  for (let entry = 0; entry < rows * columns; entry++)
    for (let k = 0; k < kept; k++) out.data[entry * kept + k] = data[entry * count + (k + 1) * every];
  return out;
}

/**
 * Variance explained by CP of rank 1 to `ranks` of `W(k) - W(0)`, and of the same with each increment turned by random
 * rotations of its own and summed again. Both are decomposed alike: two random starts compared, on every `every`-th
 * trial.
 */
export function rankProfile(
  weights: Tensor3,
  { ranks, every, seed }: { readonly ranks: number; readonly every: number; readonly seed: number },
): RankProfile {
  const changes = weightChanges(weights);
  const explained = (of: Tensor3) => {
    const x = thinned(of, every);
    if (norm(x) === 0) throw new Error("The weights did not change.");
    return Array.from({ length: ranks }, (_, r) => {
      const { relativeError } = cpAls(x, r + 1, { seed, starts: 2, sweeps: 100, tolerance: 1e-5 });
      return 1 - relativeError ** 2;
    });
  };
  return { changes: explained(changes), null: explained(rotatedIncrements(changes, seed)) };
}
