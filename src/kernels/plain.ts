import { exp, log, log1pOver, oneMinusExp, softplus, tanh } from "./functions";
import type { Kernels, Precision } from "./kernel-set";
import { plainContractions } from "./plain-contract";
import { PlainMemory, Workspace } from "./workspace";

const phis = [tanh, (x: number) => (x > 0 ? x : x <= 0 ? 0 : NaN), softplus, (x: number) => x];
/** d phi'(x) from h = phi(x), phi' being 1 - h² (tanh), h > 0 (relu, 0 at the kink), 1 - exp(-h) (softplus), 1. */
const pulls = [
  (d: number, h: number) => d - d * (h * h),
  (d: number, h: number) => (h > 0 ? d : 0),
  (d: number, h: number) => d * oneMinusExp(h),
  (d: number) => d,
];

/** Steps whose outer products are summed before they are added to what is there, as in assembly/product.ts. */
const flush = 16;

/** Columns of a product that are summed before they are added to what is there, as in assembly/product.ts. */
const blockOf = (left: number): number => (left < 512 ? left : 256);

/**
 * The kernels in plain TypeScript: their definition, the oracle of their SIMD twins, and the fallback where there is no SIMD. Sums run in the
 * order of the SIMD kernels (two lanes of float64 at a time), so that in float64 both give the same bits.
 */
export function plainKernels(precision: Precision, workspace = new Workspace(new PlainMemory())): Kernels {
  const bytes = precision === "float32" ? 4 : 8,
    lanes = 64 / bytes;
  const view = () => (precision === "float32" ? workspace.f32 : workspace.f64);
  /** Over the entries of some rows: the place of each, for arrays at these addresses. */
  const each = (rows: number, visit: (i: number) => void) => {
    for (let i = 0; i < rows * lanes; i++) visit(i);
  };
  return {
    name: "TypeScript",
    precision,
    lanes,
    bytes,
    workspace,
    product(out, w, h, rows, columns, add) {
      const m = view(),
        o = out / bytes,
        a = w / bytes,
        b = h / bytes;
      let first = 0;
      do {
        const end = first + blockOf(columns - first),
          adds = add || first > 0;
        for (let i = 0; i < rows; i++)
          for (let l = 0; l < lanes; l++) {
            let sum = 0;
            for (let j = first; j < end; j++) sum += m[a + i * columns + j] * m[b + j * lanes + l];
            m[o + i * lanes + l] = adds ? sum + m[o + i * lanes + l] : sum;
          }
        first = end;
      } while (first < columns);
    },
    outer(dw, g, h, rows, columns, steps, gStep, hStep) {
      const m = view(),
        sums = workspace.f64,
        whole = rows - (rows % 4);
      for (let first = 0; first < steps; first += flush) {
        const end = Math.min(steps, first + flush);
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) {
            let a0 = 0,
              a1 = 0,
              b0 = 0,
              b1 = 0;
            for (let s = first; s < end; s++) {
              const p = (g + s * gStep) / bytes + i * lanes,
                q = (h + s * hStep) / bytes + j * lanes;
              for (let l = 0; l < lanes; l += 4) {
                a0 += m[p + l] * m[q + l];
                a1 += m[p + l + 1] * m[q + l + 1];
                if (i < whole) {
                  a0 += m[p + l + 2] * m[q + l + 2];
                  a1 += m[p + l + 3] * m[q + l + 3];
                } else {
                  b0 += m[p + l + 2] * m[q + l + 2];
                  b1 += m[p + l + 3] * m[q + l + 3];
                }
              }
            }
            sums[dw / 8 + i * columns + j] += a0 + b0 + (a1 + b1);
          }
      }
    },
    laneSums(sums, g, rows, steps, gStep) {
      const m = view(),
        out = workspace.f64;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let s = 0; s < steps; s++) {
          const p = (g + s * gStep) / bytes + i * lanes;
          for (let l = 0; l < lanes; l += 8)
            sum +=
              m[p + l] +
              m[p + l + 2] +
              (m[p + l + 4] + m[p + l + 6]) +
              (m[p + l + 1] + m[p + l + 3] + (m[p + l + 5] + m[p + l + 7]));
        }
        out[sums / 8 + i] += sum;
      }
    },
    activate(h, x, rows, phi) {
      const m = view(),
        f = phis[phi];
      each(rows, (i) => (m[h / bytes + i] = f(m[x / bytes + i])));
    },
    advance(xNext, hNext, x, drive, rows, alpha, phi) {
      const m = view(),
        f = phis[phi];
      each(rows, (i) => {
        const now = m[x / bytes + i],
          next = now + alpha * (m[drive / bytes + i] - now);
        m[xNext / bytes + i] = next;
        m[hNext / bytes + i] = f(next);
      });
    },
    adjointStep(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi) {
      const m = view(),
        pull = pulls[phi];
      each(rows, (i) => {
        const read = m[dRead / bytes + i],
          d = readsRates ? m[dRates / bytes + i] + read : m[dRates / bytes + i];
        const inner = m[carry / bytes + i] + pull(d, m[h / bytes + i]),
          lambda = readsRates ? inner : inner + read;
        m[g / bytes + i] = alpha * lambda;
        m[carry / bytes + i] = lambda - alpha * lambda;
      });
    },
    combine(out, a, x, b, y, rows) {
      const m = view();
      each(rows, (i) => (m[out / bytes + i] = a * m[x / bytes + i] + b * m[y / bytes + i]));
    },
    multiply(out, x, y, rows) {
      const m = view();
      each(rows, (i) => (m[out / bytes + i] = m[x / bytes + i] * m[y / bytes + i]));
    },
    multiplyAdd(out, x, y, rows) {
      const m = view();
      each(rows, (i) => (m[out / bytes + i] += m[x / bytes + i] * m[y / bytes + i]));
    },
    squaredError(d, y, target, rows, scale) {
      const m = view();
      const sums = [0, 0];
      for (let row = 0; row < rows; row++) {
        const ofRow = [0, 0];
        for (let l = 0; l < lanes; l++) {
          const i = row * lanes + l,
            t = m[target / bytes + i],
            error = Number.isNaN(t) ? 0 : m[y / bytes + i] - t;
          ofRow[l % 2] += error * error;
          if (d) m[d / bytes + i] = scale * error;
        }
        sums[0] += ofRow[0];
        sums[1] += ofRow[1];
      }
      return sums[0] + sums[1];
    },
    poisson(d, z, counts, rows, scale, binWidth, logBinWidth, link) {
      const m = view();
      const sums = [0, 0];
      each(rows, (i) => {
        const x = m[z / bytes + i],
          n = m[counts / bytes + i],
          { f, logF, slope, ratio } = (link ? exponential : rectified)(x),
          seen = !Number.isNaN(n);
        if (seen) sums[i % 2] += binWidth * f - n * (logF + logBinWidth);
        if (d) m[d / bytes + i] = seen ? scale * (binWidth * slope - n * ratio) : 0;
      });
      return sums[0] + sums[1];
    },
    pack(out, outStep, from, mask, steps, n, filled, padWithNaN) {
      const m = view(),
        x = workspace.f64;
      let bad = 0;
      for (let lane = 0; lane < lanes; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++) {
            const at = Math.min(lane, filled - 1) * steps * n + s * n + i,
              hidden = (lane >= filled && padWithNaN === 1) || (mask !== 0 && x[mask / 8 + at] === 0);
            m[(out + s * outStep) / bytes + i * lanes + lane] = hidden ? NaN : x[from / 8 + at];
            if (!hidden && !Number.isFinite(x[from / 8 + at])) bad++;
          }
      return bad;
    },
    unpack(out, from, fromStep, steps, n, filled) {
      const m = view(),
        x = workspace.f64;
      for (let lane = 0; lane < filled; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++)
            x[out / 8 + (lane * steps + s) * n + i] = m[(from + s * fromStep) / bytes + i * lanes + lane];
    },
    interleave(out, outStep, from, steps, n, filled) {
      const m = view();
      let finite = 1;
      for (let lane = 0; lane < lanes; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++) {
            const x = lane < filled ? m[from / bytes + (lane * steps + s) * n + i] : 0;
            m[(out + s * outStep) / bytes + i * lanes + lane] = x;
            if (!Number.isFinite(x)) finite = 0;
          }
      return finite;
    },
    deinterleave(out, from, fromStep, steps, n, filled) {
      const m = view();
      for (let lane = 0; lane < filled; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++)
            m[out / bytes + (lane * steps + s) * n + i] = m[(from + s * fromStep) / bytes + i * lanes + lane];
    },
    ...plainContractions(workspace),
  };
}

/** f = exp, its logarithm, its slope, and slope / f. */
const exponential = (x: number) => ({ f: exp(x), logF: x, slope: exp(x), ratio: 1 });

/** The same of softplus. Below 0, f = w q with w = eˣ and q = log(1 + w) / w in [ln 2, 1], so that no logarithm meets a number near 0. */
function rectified(x: number) {
  const w = exp(-Math.abs(x)),
    q = log1pOver(w),
    f = Math.max(x, 0) + w * q,
    inverse = 1 / (1 + w);
  return x > 0
    ? { f, logF: log(f), slope: inverse, ratio: inverse / f }
    : { f, logF: x + log(q), slope: inverse * w, ratio: inverse / q };
}
