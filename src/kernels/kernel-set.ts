import type { CustomActivation } from "./custom-activation";
import type { Workspace } from "./workspace";

/** The precision inside kernels; sums over many terms, parameters and optimizers are always float64. */
export type Precision = "float64" | "float32";

/** Bytes of a row, one number for each trial of a panel: 16 in float32, 8 in float64. */
export const rowBytes = 64;

/** Bytes of scratch memory of an outer product: 68 rows of 16 steps, as in assembly/outer.ts. */
export const outerRoom = 68 * 16 * rowBytes;

/**
 * The loops that take the time. All work on addresses of one {@link Workspace} and on panels of trials: a row is 64
 * bytes, one number for each of `lanes` trials, so that a vector of the processor holds one unit in several trials, and
 * a weight is loaded once for all of them. There are two sets that agree: WebAssembly SIMD, and plain TypeScript, which
 * defines them.
 *
 * `rows`, `columns` and `steps` are counts, `…Step` is the distance in bytes from one time step to the next, weights
 * are row-major.
 */
export interface Kernels {
  readonly name: "WebAssembly SIMD" | "TypeScript";
  readonly precision: Precision;
  /** trials in a panel: 16 in float32, 8 in float64 */
  readonly lanes: number;
  /** bytes of one number */
  readonly bytes: number;
  readonly workspace: Workspace;
  /** `out = w h`, or `out += w h` where add is 1 */
  product(out: number, w: number, h: number, rows: number, columns: number, add: 0 | 1): void;
  /**
   * `dw += sum over steps and lanes of g h'`, (rows × columns) in float64: the adjoint of product in w.
   * `room`: {@link outerRoom} bytes of scratch memory.
   */
  outer(
    dw: number,
    g: number,
    h: number,
    rows: number,
    columns: number,
    steps: number,
    gStep: number,
    hStep: number,
    room: number,
  ): void;
  /** `sums[i] += sum over steps and lanes of g[i]`, in float64 */
  laneSums(sums: number, g: number, rows: number, steps: number, gStep: number): void;
  /** `h = phi(x)`, phi as numbered in `activations`, or a custom one */
  activate(h: number, x: number, rows: number, phi: number | CustomActivation): void;
  /** `xNext = x + alpha (drive - x)`, `hNext = phi(xNext)` */
  advance(
    xNext: number,
    hNext: number,
    x: number,
    drive: number,
    rows: number,
    alpha: number,
    phi: number | CustomActivation,
  ): void;
  /**
   * `lambda = carry + phi' (dRates + dRead)`, or with dRead outside phi' where readsRates is 0; `g = alpha lambda`,
   * `carry = lambda - g`. phi' is computed from h = phi(x), that of a custom activation from x in its place.
   */
  adjointStep(
    g: number,
    carry: number,
    dRates: number,
    dRead: number,
    h: number,
    rows: number,
    alpha: number,
    readsRates: 0 | 1,
    phi: number | CustomActivation,
  ): void;
  /** `out = a x + b y` */
  combine(out: number, a: number, x: number, b: number, y: number, rows: number): void;
  /** `out = x y`, entry by entry */
  multiply(out: number, x: number, y: number, rows: number): void;
  /** `out += x y`, entry by entry */
  multiplyAdd(out: number, x: number, y: number, rows: number): void;
  /**
   * The sum of (y - target)² over targets that are not NaN; where d is not 0, `d = scale (y - target)`, and d may be
   * the address of the targets.
   */
  squaredError(d: number, y: number, target: number, rows: number, scale: number): number;
  /**
   * The sum of `m - count log m` with `m = binWidth f(z)` over counts that are not NaN, or with dispersions, one s in
   * float64 for each of `repeat` rows, that of `(count + 1/s) log(1 + s m) - count log m`; where d is not 0, d = scale
   * times the derivative in z, and d may be the address of the counts; where `slopes` is not 0, the derivatives in
   * log s are added to it. link: 0 softplus, 1 exp.
   */
  countLoss(
    d: number,
    z: number,
    counts: number,
    rows: number,
    scale: number,
    binWidth: number,
    logBinWidth: number,
    link: 0 | 1,
    dispersions: number,
    slopes: number,
    repeat: number,
  ): number;
  /**
   * What counts say beyond the means `m = binWidth f(z)`, and its derivative in z, 0 where the mask is. kind: 0
   * `count - m`; 1 the same times f'/f, the slope of a Poisson's log likelihood; 2 `(count - m) / sqrt(m)`.
   */
  countInnovation(
    out: number,
    slopes: number,
    z: number,
    counts: number,
    mask: number,
    rows: number,
    binWidth: number,
    link: 0 | 1,
    kind: 0 | 1 | 2,
  ): void;
  /**
   * `d += w (l1 sign(h) + l2 h)`, with w a row of its own for all rows. @returns the sum of `w (l1 |h| + l2 h² / 2)`
   */
  penalize(d: number, h: number, w: number, rows: number, l1: number, l2: number): number;
  /**
   * Trials in rows of float64 (trial after trial, steps × n each) into a panel. Lanes past `filled` repeat the last
   * trial, or are NaN where padWithNaN is 1; entries that a mask (address 0: none) hides are NaN.
   * @returns how many entries that are not hidden are not finite
   */
  pack(
    out: number,
    outStep: number,
    from: number,
    mask: number,
    steps: number,
    n: number,
    filled: number,
    padWithNaN: 0 | 1,
  ): number;
  /** The inverse of pack, for the first `filled` lanes */
  unpack(out: number, from: number, fromStep: number, steps: number, n: number, filled: number): void;
  /**
   * Trials in rows of the precision of the set (trial after trial, steps × n each) into a panel; lanes past `filled`
   * get zeros. @returns 1 where all are finite, or else 0
   */
  interleave(out: number, outStep: number, from: number, steps: number, n: number, filled: number): number;
  /** The inverse of interleave, for the first `filled` lanes */
  deinterleave(out: number, from: number, fromStep: number, steps: number, n: number, filled: number): void;
}
