import { type Piecewise, sumsOf, systemOf } from "./piecewise";
import { interpolated, nodesOf, signChanges, valueAt } from "./polynomial";
import { determinant } from "./small-system";

/**
 * Fixed points while the weights are interpolated linearly from those of one trial to those of another, C = C_0 + (1 +
 * t) / 2 (C_1 - C_0), t from -1 to 1. In one region, `z(t) = numerators(t) / determinant(t)`, all polynomials of degree
 * at most d (Cramer's rule).
 */
export interface Segment {
  readonly problem: Piecewise;
  /** the polynomials of a region */
  region(sides: Uint8Array): RegionPath;
}

/** The path from one trial's C to another's. */
export function segmentOf(problem: Piecewise, from: Float64Array, to: Float64Array): Segment {
  const d = problem.size,
    width = d + 1,
    nodes = nodesOf(d),
    known = new Map<string, RegionPath>();
  const maps = Array.from(nodes, (t) => from.map((x, entry) => x + ((1 + t) / 2) * (to[entry] - x)));
  const polynomialsOf = (sides: Uint8Array): RegionPath => {
    const sums = sumsOf(problem, sides),
      values = Array.from({ length: width }, () => new Float64Array(width));
    maps.forEach((map, j) => {
      const system = systemOf(problem, map, sums, new Float64Array(d * width));
      for (let l = 0; l <= d; l++) {
        const replaced = system.slice(); // column l by the right side
        if (l < d) for (let a = 0; a < d; a++) replaced[a * width + l] = system[a * width + d];
        values[l][j] = determinant(replaced, d);
      }
    });
    const polynomials = values.map((row) => interpolated(nodes, row));
    return { numerators: polynomials.slice(0, d), determinant: polynomials[d] };
  };
  return {
    problem,
    region(sides) {
      const key = sides.join("");
      const path = known.get(key) ?? polynomialsOf(sides);
      known.set(key, path);
      return path;
    },
  };
}

export interface RegionPath {
  readonly numerators: readonly Float64Array[];
  readonly determinant: Float64Array;
}

/** Where the path of a fixed point ends. */
export interface PathEnd {
  /**
   * at the first or the second trial; "infinity", where the determinant vanishes; "lost" where it could not be followed
   */
  readonly at: "first" | "second" | "infinity" | "lost";
  /** the fixed point there, and the region it lies in */
  readonly z: Float64Array;
  readonly sides: Uint8Array;
  /** positions of folds on the path, from 0 at the first trial to 1 at the second: there it turned back */
  readonly folds: readonly number[];
  /** the position of its end, in the same unit */
  readonly place: number;
  /** number of crossings of kinks on the way */
  readonly borders: number;
}

/** Events nearer to each other than this count as one. */
const tie = 1e-9;

/**
 * Follow a fixed point from one trial towards the other. Where a unit crosses its kink, the path continues in the next
 * region: forwards where the determinant has the same sign there, else backwards, since the fixed points of both
 * regions then exist on the same side of that position only, and merge in it (a fold).
 *
 * @see docs/theory.md, Fixed points; di Bernardo, Budd, Champneys & Kowalczyk (2008), Piecewise-smooth dynamical
 * systems, section 5.2
 */
export function followPath(segment: Segment, start: Uint8Array, from: "first" | "second"): PathEnd {
  const { problem } = segment,
    folds: number[] = [];
  let sides = start.slice(),
    t = from === "first" ? -1 : 1,
    direction = -t,
    turned = -1; // the hyperplane that was crossed last
  const end = (at: PathEnd["at"], borders: number): PathEnd => ({
    at,
    z: pointAt(segment.region(sides), t),
    sides,
    folds,
    place: (1 + t) / 2,
    borders,
  });
  for (let borders = 0; borders < 100 + 10 * problem.planes.count; borders++) {
    const path = segment.region(sides),
      event = nextEvent(problem, path, sides, t, direction, turned);
    if (event.plane === "end") {
      t = direction;
      return end(direction < 0 ? "first" : "second", borders);
    }
    t = event.t;
    if (event.plane === "infinity") return end("infinity", borders);
    const before = valueAt(path.determinant, t);
    sides = sides.slice();
    sides[event.plane] ^= 1;
    turned = event.plane;
    const after = valueAt(segment.region(sides).determinant, t);
    if (before < 0 !== after < 0) {
      direction = -direction;
      folds.push((1 + t) / 2);
    }
  }
  return end("lost", Infinity);
}

const pointAt = ({ numerators, determinant: below }: RegionPath, t: number): Float64Array =>
  Float64Array.from(numerators, (numerator) => valueAt(numerator, t) / valueAt(below, t));

interface Event {
  readonly plane: number | "infinity" | "end";
  readonly t: number;
}

/** The first event after t: a unit crosses its kink, the fixed point goes to infinity, or neither before the end. */
function nextEvent(
  problem: Piecewise,
  { numerators, determinant: below }: RegionPath,
  sides: Uint8Array,
  t: number,
  direction: number,
  turned: number,
): Event {
  const { count, dimension, normals, offsets } = problem.planes,
    begin = t + direction * tie;
  if (begin * direction >= 1) return { plane: "end", t: direction };
  const [low, high] = direction > 0 ? [begin, 1] : [-1, begin];
  let next: Event = { plane: "end", t: direction };
  const see = (plane: Event["plane"], polynomial: Float64Array) => {
    const changes = signChanges(polynomial, low, high);
    if (changes.length === 0) return;
    const first = direction > 0 ? changes[0] : changes[changes.length - 1];
    if ((next.t - first) * direction > 0) next = { plane, t: first };
  };
  see("infinity", below);
  const sign = valueAt(below, begin) < 0 ? -1 : 1,
    distance = new Float64Array(below.length);
  for (let k = 0; k < count; k++) {
    for (let power = 0; power < distance.length; power++) {
      let sum = offsets[k] * below[power];
      for (let l = 0; l < dimension; l++) sum += normals[k * dimension + l] * numerators[l][power];
      distance[power] = sum;
    }
    if (k !== turned && sign * valueAt(distance, begin) > 0 !== (sides[k] === 1)) return { plane: k, t }; // a tie
    see(k, distance);
  }
  return next;
}
