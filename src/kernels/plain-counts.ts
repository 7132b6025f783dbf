import type { CountsKernels } from "./counts-set";
import { exp, log1pOver } from "./functions";
import type { Workspace } from "./workspace";

/** The kernels of counts in plain TypeScript, which defines them. Sums and products run in the order of SIMD. */
export const plainCounts = (workspace: Workspace): CountsKernels => ({
  workspace,
  khatriRaoRows(w, p, q, first, count, size, rank) {
    const { f64 } = workspace;
    for (let row = 0, to = w / 8; row < count; row++) {
      const i = p / 8 + Math.floor((first + row) / size) * rank,
        j = q / 8 + ((first + row) % size) * rank;
      for (let r = 0; r < rank; r++, to++) f64[to] = f64[i + r] * f64[j + r];
    }
  },
  khatriRaoAdjoint(y, p, q, dp, dq, first, count, size, rank) {
    const { f64 } = workspace;
    for (let row = 0, from = y / 8; row < count; row++) {
      const i = Math.floor((first + row) / size) * rank,
        j = ((first + row) % size) * rank;
      for (let r = 0; r < rank; r++, from++) {
        f64[dp / 8 + i + r] += f64[from] * f64[q / 8 + j + r];
        f64[dq / 8 + j + r] += f64[from] * f64[p / 8 + i + r];
      }
    }
  },
  lowRank(m, w, c, rows, columns, rank) {
    const { f64 } = workspace;
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < columns; k++) {
        let sum = 0;
        for (let r = 0; r < rank; r++) sum += f64[w / 8 + i * rank + r] * f64[c / 8 + r * columns + k];
        f64[m / 8 + i * columns + k] = sum;
      }
  },
  splitCounts(x, count, ones, twos, others, lengths) {
    const { m, places, whole } = viewsOf(workspace),
      lists = [ones / 2, twos / 2, others / 2],
      sizes = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const value = m[x / 8 + i];
      if (value === 0) continue;
      const list = value === 1 ? 0 : value === 2 ? 1 : 2;
      places[lists[list] + sizes[list]++] = i;
    }
    whole.set(sizes, lengths / 4);
  },
  sortPlaces(x, list, count, out, ends) {
    const { m, places, whole } = viewsOf(workspace),
      bins: number[][] = Array.from({ length: 259 }, () => []);
    for (const place of places.slice(list / 2, list / 2 + count)) bins[binOf(m[x / 8 + place])].push(place);
    let to = 0;
    bins.forEach((bin, i) => {
      places.set(bin, out / 2 + to);
      to += bin.length;
      whole[ends / 4 + i] = to;
    });
  },
  flat(d, m, count, sums) {
    const { f64 } = workspace,
      total = [0, 0, 0, 0],
      even = count - (count % 4);
    let inRange = true;
    for (let i = 0; i < count; i++) {
      const model = f64[m / 8 + i];
      total[i < even ? i % 4 : 0] += model;
      inRange &&= isWithin(model);
      f64[d / 8 + i] = 1;
    }
    f64.set([total[0] + total[2], total[1] + total[3]], sums / 8);
    return inRange ? 1 : 0;
  },
  odds(d, m, count, weight, sums) {
    const { f64 } = workspace,
      product = products(2);
    let inRange = true;
    for (let i = 0; i < count; i++) {
      const model = f64[m / 8 + i];
      inRange &&= isWithin(model);
      f64[d / 8 + i] = weight / (1 + model);
      product.times(i % 2, 1 + model);
    }
    f64.set([...product.mantissas, ...product.exponents], sums / 8);
    return inRange ? 1 : 0;
  },
  exponential: (d, m, count) => twoLanes(workspace.f64, d, m, count, (model) => [exp(model), exp(model)]),
  logistic: (d, m, count) =>
    twoLanes(workspace.f64, d, m, count, (model) => {
      const w = exp(-Math.abs(model)),
        inverse = 1 / (1 + w);
      return [Math.max(model, 0) + w * log1pOver(w), inverse * (model > 0 ? 1 : w)];
    }),
  overModel(d, m, list, count, x, shift, sums) {
    const { m: f64, places } = viewsOf(workspace),
      product = products(4),
      even = count - (count % 4);
    for (let i = 0; i < count; i++) {
      const place = places[list / 2 + i],
        raised = f64[m / 8 + place] + shift;
      f64[d / 8 + place] -= x / raised;
      product.times(i < even ? i % 4 : 0, raised);
    }
    const [a, b, c, e] = product.mantissas,
      [p, q, r, s] = product.exponents;
    f64.set([a * c, b * e, p + r, q + s], sums / 8);
  },
  timesModel(d, m, list, count, x) {
    const { m: f64, places } = viewsOf(workspace);
    let sum = 0;
    for (const place of places.subarray(list / 2, list / 2 + count)) {
      sum += f64[m / 8 + place];
      f64[d / 8 + place] -= x;
    }
    return sum;
  },
  writeAt(d, list, count, value) {
    const { m, places } = viewsOf(workspace);
    for (const place of places.subarray(list / 2, list / 2 + count)) m[d / 8 + place] = value;
  },
});

const viewsOf = ({ f64 }: Workspace) => ({
  m: f64,
  places: new Uint16Array(f64.buffer),
  whole: new Int32Array(f64.buffer),
});

function binOf(value: number): number {
  if (value >= -1 && value <= 255) return Number.isInteger(value) ? value + 2 : 0;
  return value > 255 && Number.isSafeInteger(value) ? 258 : 0;
}

const isWithin = (model: number): boolean => model >= -9e-11 && model <= 1e19;

/** Products in so many lanes, as mantissas in [1, 2) and exponents. */
function products(lanes: number) {
  const number = new Float64Array(1),
    words = new Uint32Array(number.buffer), // the high word comes second on every machine that has an engine
    mantissas = new Array<number>(lanes).fill(1),
    exponents = new Array<number>(lanes).fill(0);
  return {
    mantissas,
    exponents,
    times(lane: number, factor: number): void {
      number[0] = mantissas[lane] * factor;
      exponents[lane] += (words[1] >>> 20) - 1023;
      words[1] = (words[1] & 0xfffff) | 0x3ff00000;
      mantissas[lane] = number[0];
    },
  };
}

/** Values of m become slopes; the sum of values, in two lanes. */
function twoLanes(
  f64: Float64Array,
  d: number,
  m: number,
  count: number,
  of: (model: number) => readonly [value: number, slope: number],
): number {
  const total = [0, 0];
  for (let i = 0; i < count; i++) {
    const [value, slope] = of(f64[m / 8 + i]);
    total[i % 2] += value;
    f64[d / 8 + i] = slope;
  }
  return total[0] + total[1];
}
