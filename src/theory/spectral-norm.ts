import { pow } from "../base";
import { matmul, type Matrix, modeGram, norm } from "../tensor";

/**
 * An upper bound on the largest singular value of a matrix of Frobenius norm `size`: `‖G⁸‖_F^(1/16)` for the Gram
 * matrix G of the shorter side, at most n^(1/32) too large.
 */
export function spectralNormAtMost(m: Matrix, size: number): number {
  if (size === 0) return 0;
  let g = modeGram(over(m, size), m.shape[0] < m.shape[1] ? 0 : 1),
    scale = 1,
    exponent = 1;
  for (let squaring = 0; squaring < 3; squaring++) {
    const gSize = norm(g); // powers must not underflow: the norm of G^(2p) is scale^2 times that of the scaled square
    const unit = over(g, gSize);
    g = matmul(unit, unit);
    scale *= pow(gSize, 1 / exponent);
    exponent *= 2;
  }
  return size * Math.sqrt(scale * pow(norm(g), 1 / exponent));
}

const over = ({ shape, data }: Matrix, size: number): Matrix => ({ shape, data: data.map((x) => x / size) });
