import { svd } from "../linalg";
import { checkFinite, checkTensor, gram, zeros, type Matrix, type Vector } from "../tensor";
import { columnsInRange } from "./units";

/**
 * The leverage of every row of a factor: the diagonal of `F (F' F)^-1 F'`, between 0 and 1, and 1 where a component
 * rests on that row alone. They sum to the rank of F. It is read off an orthonormal basis of the columns, each scaled
 * to unit length, so the condition of F is not squared, and units of columns do not count.
 *
 * @throws {@link LtrnnError} when an entry is not finite
 * @see Bro & Smilde (2003), Centering and scaling in component analysis, J. Chemometrics 17; Smilde, Bro & Geladi
 * (2004), Multi-way Analysis, section 7.3
 * @example leverage(tensor([3, 1], [2, 0, 0])).data // Float64Array [1, 0, 0], up to rounding
 */
export function leverage(factor: Matrix): Vector {
  checkTensor("leverage", "factor", factor, 2);
  checkFinite("leverage", "factor", factor);
  const [size, rank] = factor.shape,
    out = zeros([size]) as Vector;
  if (size === 0 || rank === 0) return out;
  const inRange = columnsInRange(factor),
    lengths = gram(inRange).data.filter((_, i) => i % (rank + 1) === 0);
  const { u, singularValues } = svd({
    shape: factor.shape,
    data: inRange.data.map((value, i) => value / (Math.sqrt(lengths[i % rank]) || 1)),
  });
  const columns = u.shape[1],
    cut = Math.max(size, rank) * Number.EPSILON * singularValues[0];
  u.data.forEach((value, i) => {
    if (singularValues[i % columns] > cut) out.data[Math.floor(i / columns)] += value * value;
  });
  return out;
}
