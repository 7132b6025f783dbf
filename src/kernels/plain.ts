import { activations } from "./activation-names";
import { activationOf } from "./activations";
import { customSteps } from "./custom-steps";
import { type Kernels, type Precision, rowBytes } from "./kernel-set";
import { plainLosses } from "./plain-losses";
import { plainPanels } from "./plain-panels";
import { PlainMemory, Workspace } from "./workspace";

/** An activation by its number. */
const numbered = (phi: number) => activationOf(activations[phi]);

/** Steps whose outer products are summed before they are added to what is there, as in assembly/outer.ts. */
const flush = 16;

/**
 * How many of the columns that are left a product sums before it adds them to what is there, as in assembly/product.ts.
 */
const blockOf = (left: number): number => (left < 512 ? left : 256);

/**
 * The kernels in plain TypeScript: their definition, the oracle of the same kernels in SIMD (their twins), and the
 * fallback where there is no SIMD. Sums run in the order of the SIMD kernels (two lanes of float64 at a time), so in
 * float64 both give the same bits.
 */
export function plainKernels(precision: Precision, workspace = new Workspace(new PlainMemory())): Kernels {
  const bytes = precision === "float32" ? 4 : 8,
    lanes = rowBytes / bytes,
    custom = customSteps(workspace, bytes);
  const reals = () => (precision === "float32" ? workspace.f32 : workspace.f64);
  /** Calls `visit` with the index of every entry of so many rows. */
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
      const m = reals(),
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
      const m = reals(),
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
      const m = reals(),
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
      if (typeof phi !== "number") return custom.activate(h, x, rows, phi);
      const m = reals(),
        f = numbered(phi).value;
      each(rows, (i) => (m[h / bytes + i] = f(m[x / bytes + i])));
    },
    advance(xNext, hNext, x, drive, rows, alpha, phi) {
      if (typeof phi !== "number") return custom.advance(xNext, hNext, x, drive, rows, alpha, phi);
      const m = reals(),
        f = numbered(phi).value;
      each(rows, (i) => {
        const now = m[x / bytes + i],
          next = now + alpha * (m[drive / bytes + i] - now);
        m[xNext / bytes + i] = next;
        m[hNext / bytes + i] = f(next);
      });
    },
    adjointStep(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi) {
      if (typeof phi !== "number") return custom.adjointStep(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi);
      const m = reals(),
        { pull } = numbered(phi);
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
      const m = reals();
      each(rows, (i) => (m[out / bytes + i] = a * m[x / bytes + i] + b * m[y / bytes + i]));
    },
    multiply(out, x, y, rows) {
      const m = reals();
      each(rows, (i) => (m[out / bytes + i] = m[x / bytes + i] * m[y / bytes + i]));
    },
    multiplyAdd(out, x, y, rows) {
      const m = reals();
      each(rows, (i) => (m[out / bytes + i] += m[x / bytes + i] * m[y / bytes + i]));
    },
    ...plainLosses(reals, () => workspace.f64, bytes),
    ...plainPanels(workspace, reals, bytes),
  };
}
