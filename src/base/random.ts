import { checkWhole } from "./check";
import { log } from "./elementary";
import { fail } from "./fail";
import { show } from "./show";

/** A stream of random numbers made from a seed. It has state: pass it on, do not share it. */
export interface Random {
  /** uniform in [0, 1), 32 bits */
  uniform(): number;
  /** standard normal */
  normal(): number;
  /** a whole number from `low` to `high`, both included */
  int(low: number, high: number): number;
  /** a shuffled copy (Fisher and Yates) */
  shuffled<T>(items: readonly T[]): T[];
}

/**
 * A stream from a seed, and from a name for what it is drawn for, so that two uses of one seed do not share numbers.
 *
 * Uniform numbers are sfc32 (Doty-Humphrey's small fast counting generator, as in PractRand) seeded through a 32-bit
 * mixing hash; normal ones by the polar method (Marsaglia & Bray 1964). The same seed and name give the same bits.
 *
 * @throws {@link LtrnnError} when the seed is not a finite number
 * @example random(7, "inputs").uniform() < 1 // true
 */
export function random(seed: number, purpose = ""): Random {
  if (!Number.isFinite(seed))
    fail("random", { expected: "seed to be a finite number", got: show(seed), fix: "Pass a number, such as 7." });
  if (typeof purpose !== "string")
    fail("random", { expected: "purpose to be a text", got: show(purpose), fix: "Name what the numbers are for." });
  let [a, b, c, d] = scramble(seed, purpose);
  const uniform = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 15; warm++) uniform();
  let spare = NaN; // the polar method makes normals in pairs
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const second = spare;
      spare = NaN;
      return second;
    }
    for (;;) {
      const u = 2 * uniform() - 1,
        v = 2 * uniform() - 1,
        s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
  const int = (low: number, high: number) => {
    checkWhole("random", "low", low, Number.MIN_SAFE_INTEGER);
    checkWhole("random", "high", high, low);
    return low + Math.floor(uniform() * (high - low + 1));
  };
  const shuffled = <T>(items: readonly T[]) => {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = int(0, i);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  };
  return { uniform, normal, int, shuffled };
}

/** Four 32-bit words from a seed (all 64 bits of the double) and a text, by FNV-1a and the murmur3 finalizer. */
function scramble(seed: number, purpose: string): [number, number, number, number] {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, seed, true);
  let hash = 0x811c9dc5;
  const eat = (word: number) => (hash = Math.imul(hash ^ word, 0x01000193));
  for (let byte = 0; byte < 8; byte++) eat(bits.getUint8(byte));
  for (let i = 0; i < purpose.length; i++) eat(purpose.charCodeAt(i));
  const mixed = () => {
    hash = (hash + 0x9e3779b9) | 0;
    let h = hash;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  };
  return [mixed(), mixed(), mixed(), 1];
}
