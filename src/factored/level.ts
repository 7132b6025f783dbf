import type { Matrix, Tensor } from "../tensor";

/** How large a tensor is, and how much of that is a level rather than a pattern. */
export interface Level {
  /** the norm of what is observed */
  readonly size: number;
  /** the part of that norm that remains when the slices of one mode, the one that leaves least, lose their means */
  readonly variation: number;
  /** what the means of those slices make, where it is nearly all: a tensor of one component, by mode (size × 1) */
  readonly offset?: readonly Matrix[];
}

/**
 * Where less than this part of the norm varies about means of slices, a start at random begins with those means:
 * without them no sweep finds what varies.
 */
const largeOffset = 0.1;

/**
 * The norm of a tensor, and its variation about the means of slices: recordings often stand on a large offset, of the
 * whole or of each neuron, and what is to be explained is the rest.
 *
 * @param mask - 0 where an entry is missing, which is then not read
 * @remarks One pass. Means are taken about the first observed entry, so that a large offset costs no digits.
 */
export function levelOf({ shape, data }: Tensor, mask?: Float64Array): Level {
  const width = shape[shape.length - 1],
    first = data[mask ? Math.max(0, mask.indexOf(1)) : 0],
    { squares, spread, lines, columns, lineCounts, columnCounts } = mask
      ? maskedSums(data, mask, width, first)
      : lineSums(data, width, first);
  const sums = [...sliceSums(lines, shape), columns],
    counts = [...sliceSums(lineCounts, shape), columnCounts];
  const explained = sums.map((sum, mode) =>
    sum.reduce((total, s, i) => (counts[mode][i] === 0 ? total : total + (s * s) / counts[mode][i]), 0),
  );
  const best = explained.reduce((found, value, mode) => (value > explained[found] ? mode : found), 0);
  const size = Math.sqrt(squares),
    variation = size === 0 ? 0 : Math.min(1, Math.sqrt(Math.max(0, spread - explained[best])) / size);
  if (size === 0 || variation >= largeOffset) return { size, variation };
  const offset = shape.map((length, mode): Matrix => {
    const means = sums[mode].map((sum, i) => first + sum / (counts[mode][i] || 1));
    return { shape: [length, 1], data: mode === best ? means : new Float64Array(length).fill(1) };
  });
  return { size, variation, offset };
}

/** Sums over the lines of a tensor, its runs along the last mode, and over the columns that they make. */
interface LineSums {
  /** the sum of squares */
  readonly squares: number;
  /** the sum of squares about the first entry */
  readonly spread: number;
  /** of the differences from the first entry, by line and by index of the last mode */
  readonly lines: Float64Array;
  readonly columns: Float64Array;
  /** observed entries of each line and column */
  readonly lineCounts: Float64Array;
  readonly columnCounts: Float64Array;
}

/** Two entries at a time, so that no sum waits for the one before. */
function lineSums(data: Float64Array, width: number, first: number): LineSums {
  const count = data.length / width,
    lines = new Float64Array(count),
    columns = new Float64Array(width),
    even = width - (width % 2);
  let squares0 = 0,
    squares1 = 0,
    spread = 0;
  for (let line = 0, i = 0; line < count; line++) {
    let sum0 = 0,
      sum1 = 0,
      spread0 = 0,
      spread1 = 0;
    for (let j = 0; j < even; j += 2, i += 2) {
      const value0 = data[i],
        value1 = data[i + 1],
        difference0 = value0 - first,
        difference1 = value1 - first;
      squares0 += value0 * value0;
      squares1 += value1 * value1;
      spread0 += difference0 * difference0;
      spread1 += difference1 * difference1;
      columns[j] += difference0;
      columns[j + 1] += difference1;
      sum0 += difference0;
      sum1 += difference1;
    }
    if (even < width) {
      const value = data[i++],
        difference = value - first;
      squares0 += value * value;
      spread0 += difference * difference;
      columns[even] += difference;
      sum0 += difference;
    }
    lines[line] = sum0 + sum1;
    spread += spread0 + spread1;
  }
  const lineCounts = new Float64Array(count).fill(width),
    columnCounts = new Float64Array(width).fill(count);
  return { squares: squares0 + squares1, spread, lines, columns, lineCounts, columnCounts };
}

function maskedSums(data: Float64Array, mask: Float64Array, width: number, first: number): LineSums {
  const count = data.length / width,
    lines = new Float64Array(count),
    columns = new Float64Array(width),
    lineCounts = new Float64Array(count),
    columnCounts = new Float64Array(width);
  let squares = 0,
    spread = 0;
  for (let line = 0, i = 0; line < count; line++)
    for (let j = 0; j < width; j++, i++) {
      if (mask[i] === 0) continue;
      const value = data[i],
        difference = value - first;
      squares += value * value;
      spread += difference * difference;
      columns[j] += difference;
      columnCounts[j]++;
      lines[line] += difference;
      lineCounts[line]++;
    }
  return { squares, spread, lines, columns, lineCounts, columnCounts };
}

/** Sums over the slices of every mode but the last, from sums over lines. */
function sliceSums(lines: Float64Array, shape: readonly number[]): Float64Array[] {
  const sums = shape.slice(0, -1).map((size) => new Float64Array(size));
  lines.forEach((sum, line) => {
    for (let mode = sums.length - 1, rest = line; mode >= 0; rest = Math.floor(rest / shape[mode]), mode--)
      sums[mode][rest % shape[mode]] += sum;
  });
  return sums;
}
