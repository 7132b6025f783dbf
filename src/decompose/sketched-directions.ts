import type { Random } from "../base";
import { orthonormalColumns } from "../linalg";
import { matmul, type Tensor } from "../tensor";
import { sketch } from "./compression";
import { leadingDirections, type LeadingDirections } from "./leading-directions";
import { contractMode, crossGram, outside } from "./mode-kernels";

export interface SketchOptions {
  /** directions of the sketch beyond the rank; default 10 */
  readonly oversampling?: number;
  /** times the sketch is multiplied by the unfolding and its transpose, which sharpens it; default 1 */
  readonly powers?: number;
}

/**
 * Leading left singular vectors of a mode's unfolding, nearly: of its projection on the range of a random sketch (a
 * randomized range finder with Khatri-Rao structure and power iterations). What is discarded is measured on x.
 *
 * @see Halko, Martinsson & Tropp (2011), SIAM Review 53, algorithms 4.3 and 5.1; Minster, Saibaba & Kilmer (2020), SIAM
 * J. Math. Data Sci. 2
 */
export function sketchedDirections(
  x: Tensor,
  mode: number,
  rank: number,
  { oversampling, powers }: Required<SketchOptions>,
  stream: Random,
): Omit<LeadingDirections, "values" | "projected"> & { readonly projected: Tensor } {
  if (x.shape.length === 1) {
    const found = sketchedDirections(
      { shape: [x.shape[0], 1], data: x.data },
      0,
      rank,
      { oversampling, powers },
      stream,
    );
    return { ...found, projected: { shape: [rank], data: found.projected.data } };
  }
  const width = Math.min(x.shape[mode], rank + oversampling);
  let range = orthonormalColumns(sketch(x, mode, width, stream)),
    inside = contractMode(x, range, mode);
  for (let power = 0; power < powers; power++) {
    range = orthonormalColumns(crossGram(x, inside, mode));
    inside = contractMode(x, range, mode);
  }
  const { u: turned, projected = contractMode(inside, turned, mode) } = leadingDirections(inside, mode, { rank }),
    u = matmul(range, turned);
  return { u, projected, discarded: outside(x, u, projected, mode) };
}
