import { countsKernels } from "./counts-kernels";
import type { CountsKernels } from "./counts-set";
import type { ModelPanel } from "./model-panels";

/** Where the counts of a block that are not 0 stand in it, those of one value after another. */
export interface CountList {
  readonly places: Uint16Array;
  /** values, -1 for missing entries, and where the places of each end; one above 255 may come several times */
  readonly values: readonly number[];
  readonly ends: readonly number[];
}

/** Values that have places of their own, and the bins of `sortPlaces`. */
const most = 255,
  bins = 259;

/**
 * Lists the counts of every block of a matrix, once for many passes: two bytes for each that is not 0.
 *
 * @param seen - 0 where an entry is missing, and not read; undefined: none is
 * @returns undefined where an entry that is not missing is no count
 */
export function countLists(
  panels: readonly ModelPanel[],
  x: Float64Array,
  seen: Float64Array | undefined,
  kernels = countsKernels(),
): CountList[] | undefined {
  const { workspace } = kernels,
    largest = panels.reduce((max, { rows, columns }) => Math.max(max, rows * columns), 0);
  return workspace.within(() => {
    const places = () => workspace.take(2 * (largest + 8), false),
      at: Room = {
        x: workspace.take(8 * largest, false),
        lists: [places(), places(), places()],
        sorted: places(),
        scratch: places(),
        numbers: workspace.take(4 * (bins + 1), false),
        table: workspace.take(256 * 16, false),
      },
      lists: CountList[] = [];
    writePlacesTable(new Uint16Array(workspace.bytes.buffer), at.table / 2);
    for (const panel of panels) {
      const list = listOf(kernels, at, panel, copyOf(workspace.f64, at.x / 8, panel, x, seen));
      if (!list) return undefined;
      lists.push(list);
    }
    return lists;
  });
}

/** Copies a block, -1 in place of what is missing. @returns how many are */
function copyOf(
  f64: Float64Array,
  at: number,
  { rows, columns, from, step }: ModelPanel,
  x: Float64Array,
  seen: Float64Array | undefined,
): number {
  const long = columns === step ? rows * columns : columns; // whole rows are one
  let missing = 0;
  for (let to = at, start = from, end = at + rows * columns; to < end; to += long, start += step) {
    f64.set(x.subarray(start, start + long), to);
    if (!seen) continue;
    for (let k = 0; k < long; k++)
      if (seen[start + k] === 0) {
        f64[to + k] = -1;
        missing++;
      }
  }
  return missing;
}

/** For each set of places among eight, in the order of their bits, these places. */
function writePlacesTable(to: Uint16Array, at: number): void {
  for (let set = 0; set < 256; set++)
    for (let place = 0, k = at + 8 * set; place < 8; place++) if (set & (1 << place)) to[k++] = place;
}

/** Addresses of a block, and of what is made of it. */
interface Room {
  readonly x: number;
  readonly lists: readonly [ones: number, twos: number, others: number];
  readonly sorted: number;
  readonly scratch: number;
  readonly numbers: number;
  readonly table: number;
}

/** The list of the block that is in the workspace. */
function listOf(
  { workspace, splitCounts, sortPlaces }: CountsKernels,
  at: Room,
  { rows, columns }: ModelPanel,
  missing: number,
): CountList | undefined {
  const whole = new Int32Array(workspace.bytes.buffer),
    placesAt = new Uint16Array(workspace.bytes.buffer),
    [ones, twos, others] = at.lists;
  splitCounts(at.x, rows * columns, ones, twos, others, at.numbers, at.table);
  const [ofOnes, ofTwos, ofOthers] = whole.slice(at.numbers / 4, at.numbers / 4 + 3),
    values: number[] = [],
    ends: number[] = [],
    places = new Uint16Array(ofOnes + ofTwos + ofOthers);
  let end = 0;
  const add = (value: number, list: number, from: number, to: number) => {
    if (from === to) return;
    places.set(placesAt.subarray(list / 2 + from, list / 2 + to), end);
    end += to - from;
    values.push(value);
    ends.push(end);
  };
  add(1, ones, 0, ofOnes);
  add(2, twos, 0, ofTwos);
  if (ofOthers === 0) return missing === 0 ? { places, values, ends } : undefined;
  sortPlaces(at.x, others, ofOthers, at.sorted, at.numbers, at.scratch);
  const until = whole.subarray(at.numbers / 4, at.numbers / 4 + bins);
  if (until[0] > 0 || until[1] !== missing) return undefined;
  add(-1, at.sorted, 0, missing);
  for (let bin = 3; bin < most + 3; bin++) add(bin - 2, at.sorted, until[bin - 1], until[bin]);
  for (let i = until[most + 2]; i < until[most + 3]; i++)
    add(workspace.f64[at.x / 8 + placesAt[at.sorted / 2 + i]], at.sorted, i, i + 1);
  return { places, values, ends };
}
