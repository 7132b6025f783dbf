import { zeros, type Matrix, type Tensor3, type Vector } from "../tensor";

/** The position of each array's vectors among the columns of Z = [M, N, W_in, C', x_0, b]. */
export type OverlapBlocks = Readonly<
  Record<"m" | "n" | "wIn" | "readout" | "x0" | "bias", { readonly first: number; readonly count: number }>
>;

/** Trials to learn from; every target is observed. */
export interface OverlapTask {
  readonly inputs: Tensor3;
  readonly targets: Tensor3;
}

/**
 * Loss and gradient of a linear low-rank network from its overlaps G = Z' Z. With `x_t = Z xi_t` and `lambda_t = Z
 * l_t`, coordinates obey
 *
 *     xi_{t+1} = (1 - alpha) xi_t + alpha (E_m G_n xi_t + E_wIn u_t + E_b),   y_t = G_c xi_t + d
 *     l_t = (1 - alpha) l_{t+1} + alpha E_n G_m l_{t+1} + E_c e_t
 *
 * where E_m are the columns of the identity at the position of M, G_n the rows of G at that of N; and the gradient in Z
 * is `Z gamma`.
 */
export function overlapGradient(
  overlaps: Matrix,
  readoutBias: Vector,
  blocks: OverlapBlocks,
  { inputs, targets }: OverlapTask,
  alpha: number,
): { loss: number; gamma: Matrix; dReadoutBias: Vector } {
  const [p] = overlaps.shape,
    g = overlaps.data,
    [trials, steps, nIn] = inputs.shape,
    nOut = targets.shape[2];
  const { m, n, wIn, readout, x0, bias } = blocks,
    rank = m.count,
    count = trials * steps * nOut;
  const gamma = zeros([p, p]),
    dReadoutBias = zeros([nOut]);
  const xi = new Float64Array((steps + 1) * p),
    kappa = new Float64Array(steps * rank),
    errors = new Float64Array(steps * nOut),
    l = new Float64Array(p),
    next = new Float64Array(p),
    pulled = new Float64Array(rank);
  /** entry i of G v, v at an offset */
  const row = (i: number, v: Float64Array, offset: number) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += g[i * p + j] * v[offset + j];
    return sum;
  };
  /** gamma[:, column] += scale v */
  const add = (column: number, v: Float64Array, offset: number, scale: number) => {
    for (let i = 0; i < p; i++) gamma.data[i * p + column] += scale * v[offset + i];
  };
  let loss = 0;
  for (let trial = 0; trial < trials; trial++) {
    const start = x0.first + (x0.count === 1 ? 0 : trial);
    xi.fill(0);
    xi[start] = 1;
    for (let t = 0; t < steps; t++) {
      const now = t * p,
        after = now + p,
        u = (trial * steps + t) * nIn,
        y = (trial * steps + t) * nOut;
      for (let i = 0; i < p; i++) xi[after + i] = (1 - alpha) * xi[now + i];
      for (let r = 0; r < rank; r++) {
        kappa[t * rank + r] = row(n.first + r, xi, now);
        xi[after + m.first + r] += alpha * kappa[t * rank + r];
      }
      for (let j = 0; j < nIn; j++) xi[after + wIn.first + j] += alpha * inputs.data[u + j];
      if (bias.count) xi[after + bias.first] += alpha;
      for (let o = 0; o < nOut; o++) {
        const error = row(readout.first + o, xi, after) + readoutBias.data[o] - targets.data[y + o];
        loss += (error * error) / (2 * count);
        errors[t * nOut + o] = error / count;
      }
    }
    l.fill(0); // lambda_{t+1}, in coordinates
    for (let t = steps - 1; t >= 0; t--) {
      for (let o = 0; o < nOut; o++) {
        const e = errors[t * nOut + o];
        l[readout.first + o] += e;
        dReadoutBias.data[o] += e;
        add(readout.first + o, xi, (t + 1) * p, e);
      }
      for (let r = 0; r < rank; r++) {
        pulled[r] = row(m.first + r, l, 0);
        add(m.first + r, l, 0, alpha * kappa[t * rank + r]);
        add(n.first + r, xi, t * p, alpha * pulled[r]);
      }
      for (let j = 0; j < nIn; j++) add(wIn.first + j, l, 0, alpha * inputs.data[(trial * steps + t) * nIn + j]);
      if (bias.count) add(bias.first, l, 0, alpha);
      for (let i = 0; i < p; i++) next[i] = (1 - alpha) * l[i];
      for (let r = 0; r < rank; r++) next[n.first + r] += alpha * pulled[r];
      l.set(next);
    }
    add(start, l, 0, 1);
  }
  return { loss, gamma, dReadoutBias };
}
