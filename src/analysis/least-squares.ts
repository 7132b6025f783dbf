import { solveSquare, solveSymmetric } from "../linalg";
import { gram, lengthOf, type Matrix } from "../tensor";

/** A system of n equations in n unknowns, f(z) = 0. */
export interface System {
  readonly size: number;
  velocity(z: Float64Array, out: Float64Array): Float64Array;
  jacobian(z: Float64Array): Matrix;
}

/** Where a search ended: at a zero of f, at another minimum of |f|, or at neither. */
export interface Found {
  readonly kind: "zero" | "minimum" | "exhausted";
  readonly z: Float64Array;
  /** |f| */
  readonly length: number;
}

/** A gradient of |f|² / 2 of at most this share of |J| |f| counts as zero. */
const flat = 1e-6;

/**
 * A zero or another minimum of |f|² / 2 by Levenberg and Marquardt's method, damped as Nielsen does. A zero is then
 * polished by Newton's method until rounding.
 *
 * @param tolerance - the length of f that counts as zero
 * @see Madsen, Nielsen & Tingleff (2004), Methods for non-linear least squares problems, section 3.2
 */
export function leastSquares(system: System, start: Float64Array, tolerance: number, steps: number): Found {
  const n = system.size;
  let z = start.slice(),
    f = system.velocity(z, new Float64Array(n)),
    length = lengthOf(f),
    damping = -1,
    growth = 2;
  for (let step = 0; step < steps && length > tolerance; ) {
    const j = system.jacobian(z),
      normal = gram(j),
      gradient = timesTransposed(j, f);
    if (!(length < Infinity) || !normal.data.every(Number.isFinite)) break;
    if (lengthOf(gradient) <= flat * lengthOf(j.data) * length) return { kind: "minimum", z, length };
    const largest = largestOnDiagonal(normal);
    if (damping < 0) damping = 1e-3 * largest;
    for (let accepted = false; !accepted && step < steps; step++) {
      if (damping > 1e16 * largest) return { kind: "minimum", z, length };
      const move = dampedStep(normal, gradient, damping),
        next = z.map((x, i) => x + move[i]),
        fNext = system.velocity(next, new Float64Array(n)),
        lengthNext = lengthOf(fNext);
      const gained = (length - lengthNext) * (length + lengthNext),
        promised = move.reduce((sum, p, i) => sum + p * (damping * p - gradient[i]), 0),
        ratio = gained / promised;
      accepted = ratio > 1e-4;
      if (accepted) {
        [z, f, length] = [next, fNext, lengthNext];
        const bent = 2 * ratio - 1;
        damping = Math.max(damping * Math.max(1 / 3, 1 - bent * bent * bent), 1e-16 * largest);
        growth = 2;
      } else {
        damping *= growth;
        growth *= 2;
      }
    }
  }
  return length <= tolerance ? polished(system, z, f, length) : { kind: "exhausted", z, length };
}

/** The solution of `(J'J + damping I) p = -gradient`. */
function dampedStep({ shape, data }: Matrix, gradient: Float64Array, damping: number): Float64Array {
  const n = shape[0],
    damped = { shape, data: data.map((x, entry) => (entry % (n + 1) === 0 ? x + damping : x)) };
  return solveSymmetric(damped, { shape: [n, 1], data: gradient.map((x) => -x) }).x.data;
}

function largestOnDiagonal({ shape: [n], data }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, data[i * n + i]);
  return largest;
}

/** Newton's method, as long as it lowers |f|. */
function polished(system: System, z: Float64Array, f: Float64Array, length: number): Found {
  let best = { z, f, length };
  for (let round = 0; round < 50 && best.length > 0; round++) {
    const move = solveSquare(system.jacobian(best.z), { shape: [system.size, 1], data: best.f });
    if (!move) break;
    const next = best.z.map((x, i) => x - move.data[i]),
      fNext = system.velocity(next, new Float64Array(system.size)),
      lengthNext = lengthOf(fNext);
    if (!(lengthNext < best.length)) break;
    best = { z: next, f: fNext, length: lengthNext };
  }
  return { kind: "zero", z: best.z, length: best.length };
}

function timesTransposed({ shape: [rows, columns], data }: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(columns);
  for (let i = 0, entry = 0; i < rows; i++) for (let j = 0; j < columns; j++, entry++) out[j] += data[entry] * v[i];
  return out;
}
