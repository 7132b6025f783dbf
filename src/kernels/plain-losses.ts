import { exp, log, log1pOver } from "./functions";
import { type Kernels, rowBytes } from "./kernel-set";

/**
 * Losses of a panel and their derivatives, in plain TypeScript; `reals` is the workspace in the precision of the set.
 */
export const plainLosses = (
  reals: () => Float32Array | Float64Array,
  doubles: () => Float64Array,
  bytes: number,
): Pick<Kernels, "squaredError" | "countLoss" | "countInnovation" | "penalize"> => {
  const lanes = rowBytes / bytes;
  return {
    squaredError(d, y, target, rows, scale) {
      const m = reals(),
        sums = [0, 0]; // of even and odd lanes
      for (let row = 0; row < rows; row++) {
        const sumsOfRow = [0, 0];
        for (let lane = 0; lane < lanes; lane++) {
          const i = row * lanes + lane,
            wanted = m[target / bytes + i],
            error = Number.isNaN(wanted) ? 0 : m[y / bytes + i] - wanted;
          sumsOfRow[lane % 2] += error * error;
          if (d) m[d / bytes + i] = scale * error;
        }
        sums[0] += sumsOfRow[0];
        sums[1] += sumsOfRow[1];
      }
      return sums[0] + sums[1];
    },
    countLoss(d, z, counts, rows, scale, binWidth, logBinWidth, link, dispersions, slopes, repeat) {
      const m = reals(),
        numbers = doubles(),
        rateOf = link ? exponential : rectified,
        sums = [0, 0];
      for (let row = 0; row < rows; row++) {
        const output = row % repeat,
          dispersion = dispersions ? numbers[dispersions / 8 + output] : 0,
          slopesInLogS = [0, 0];
        for (let lane = 0, i = row * lanes; lane < lanes; lane++, i++) {
          const count = m[counts / bytes + i],
            seen = !Number.isNaN(count),
            { f, logF, slope, ratio } = rateOf(m[z / bytes + i]);
          const mean = binWidth * f,
            nLogMean = count * (logF + logBinWidth),
            slopeInZ = binWidth * slope - count * ratio;
          if (dispersions) {
            const y = dispersion * mean,
              log1pY = log1p(y);
            if (seen) {
              sums[i % 2] += (count + 1 / dispersion) * log1pY - nLogMean;
              slopesInLogS[i % 2] += (mean * (1 + dispersion * count)) / (1 + y) - (1 / dispersion) * log1pY;
            }
            if (d) m[d / bytes + i] = seen ? scale * (slopeInZ / (1 + y)) : 0;
          } else {
            if (seen) sums[i % 2] += mean - nLogMean;
            if (d) m[d / bytes + i] = seen ? scale * slopeInZ : 0;
          }
        }
        if (slopes) numbers[slopes / 8 + output] += slopesInLogS[0] + slopesInLogS[1];
      }
      return sums[0] + sums[1];
    },
    countInnovation(out, slopes, z, counts, mask, rows, binWidth, link, kind) {
      const m = reals(),
        rateOf = link ? exponential : rectified;
      for (let i = 0; i < rows * lanes; i++) {
        const count = m[counts / bytes + i],
          seen = m[mask / bytes + i] > 0,
          { f, slope, ratio } = rateOf(m[z / bytes + i]),
          mean = binWidth * f,
          slopeOfMean = binWidth * slope,
          e = count - mean;
        let value = e,
          derivative = -slopeOfMean;
        if (kind === 1) {
          const curve = link ? 0 : ratio * (1 - slope - ratio);
          value = count * ratio - slopeOfMean;
          derivative = e * curve - slopeOfMean * ratio;
        } else if (kind === 2) {
          const root = Math.sqrt(mean);
          value = e / root;
          derivative = -(ratio * (root + 0.5 * value));
        }
        m[out / bytes + i] = seen ? value : 0;
        m[slopes / bytes + i] = seen ? derivative : 0;
      }
    },
    penalize(d, h, w, rows, l1, l2) {
      const m = reals(),
        sums = [0, 0];
      for (let i = 0; i < rows * lanes; i++) {
        const x = m[h / bytes + i],
          by = m[w / bytes + (i % lanes)],
          signed = x > 0 ? l1 : x < 0 ? -l1 : 0;
        m[d / bytes + i] += by * (signed + l2 * x);
        sums[i % 2] += by * (l1 * Math.abs(x) + (l2 / 2) * (x * x));
      }
      return sums[0] + sums[1];
    },
  };
};

/** log(1 + y), y at least 0. */
const log1p = (y: number): number => (y <= 1 ? y * log1pOver(y) : log(1 + y));

/** f = exp, its logarithm, its slope, and slope / f. */
function exponential(x: number) {
  const f = exp(x);
  return { f, logF: x, slope: f, ratio: 1 };
}

/**
 * The same of softplus. Below 0, f = w q with w = eˣ and q = log(1 + w) / w in [ln 2, 1]: the logarithm is taken of q,
 * since f itself may be too small for it.
 */
function rectified(x: number) {
  const w = exp(-Math.abs(x)),
    q = log1pOver(w),
    f = Math.max(x, 0) + w * q,
    inverse = 1 / (1 + w);
  return x > 0
    ? { f, logF: log(f), slope: inverse, ratio: inverse / f }
    : { f, logF: x + log(q), slope: inverse * w, ratio: inverse / q };
}
