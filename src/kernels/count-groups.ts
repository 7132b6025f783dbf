import { countsKernels } from "./counts-kernels";
import type { CountsKernels } from "./counts-set";
import type { ModelPanel } from "./model-panels";

/** The entries of a block that have one value: the address of their places in the workspace, and how many there are. */
export interface CountGroup {
  /** -1 where entries are missing; one above 255 may come several times */
  readonly x: number;
  readonly places: number;
  readonly count: number;
}

/**
 * The groups of a block, of all its entries that are not 0. What they need of the workspace is free again when the
 * caller's work within it ends.
 */
export type CountGroups = (panel: ModelPanel) => CountGroup[];

/** Values that have places of their own, and the bins of `sortPlaces`. */
const most = 255,
  bins = 259;

/** For each set of places among eight, in the order of their bits, these places. */
function placesTable(): Uint16Array {
  const table = new Uint16Array(256 * 8);
  for (let set = 0; set < 256; set++)
    for (let place = 0, k = 8 * set; place < 8; place++) if (set & (1 << place)) table[k++] = place;
  return table;
}

/**
 * Finds the groups of a block of counts x.
 *
 * @param seen - 0 where an entry is missing, and not read; undefined: none is
 * @returns undefined where an entry that is not missing is no count
 */
export function countGroups(
  x: Float64Array,
  seen: Float64Array | undefined,
  kernels: CountsKernels = countsKernels(),
): (panel: ModelPanel) => CountGroup[] | undefined {
  const { workspace } = kernels,
    placesAmong8 = placesTable();
  return (panel) => {
    const count = panel.rows * panel.columns,
      lists = [0, 1, 2, 3].map(() => workspace.take(2 * (count + 8), false)),
      [ones, twos, others, sorted] = lists,
      block = workspace.take(8 * count, false),
      numbers = workspace.take(4 * (bins + 1), false),
      table = workspace.take(2 * placesAmong8.length, false),
      { f64 } = workspace,
      { buffer } = f64,
      missing = copyBlock(f64, block / 8, panel, x, seen);
    new Uint16Array(buffer, table, placesAmong8.length).set(placesAmong8);
    kernels.splitCounts(block, count, ones, twos, others, numbers, table);
    const ends = new Int32Array(buffer, numbers, bins),
      [ofOnes, ofTwos, ofOthers] = ends,
      groups: CountGroup[] = [];
    const add = (value: number, list: number, from: number, to: number) => {
      if (from < to) groups.push({ x: value, places: list + 2 * from, count: to - from });
    };
    add(1, ones, 0, ofOnes);
    add(2, twos, 0, ofTwos);
    if (ofOthers > 0) {
      kernels.sortPlaces(block, others, ofOthers, sorted, numbers, workspace.take(2 * ofOthers, false));
      const until = new Int32Array(workspace.bytes.buffer, numbers, bins); // memory may have grown
      if (until[0] > 0 || until[1] !== missing) return undefined;
      add(-1, sorted, 0, missing);
      for (let bin = 3; bin < most + 3; bin++) add(bin - 2, sorted, until[bin - 1], until[bin]);
      if (until[most + 2] < until[most + 3]) {
        const places = new Uint16Array(workspace.bytes.buffer, sorted, ofOthers);
        for (let i = until[most + 2]; i < until[most + 3]; i++)
          add(workspace.f64[block / 8 + places[i]], sorted, i, i + 1);
      }
    }
    return groups;
  };
}

/** Copies a block, -1 in place of what is missing. @returns how many entries are */
function copyBlock(
  f64: Float64Array,
  at: number,
  { rows, columns, from, step }: ModelPanel,
  x: Float64Array,
  seen: Float64Array | undefined,
): number {
  const long = columns === step ? rows * columns : columns; // whole rows follow each other
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

/** Groups apart from the workspace: their places follow each other. */
interface KeptGroups {
  readonly places: Uint16Array;
  readonly groups: readonly Pick<CountGroup, "x" | "count">[];
}

/** The same groups, found once for many passes: two bytes for each entry that is not 0. */
export function keptGroups(
  panels: readonly ModelPanel[],
  groupsOf: CountGroups,
  { workspace }: CountsKernels = countsKernels(),
): CountGroups {
  const kept = new Map<ModelPanel, KeptGroups>();
  for (const panel of panels)
    workspace.within(() => {
      const groups = groupsOf(panel),
        { buffer } = workspace.bytes,
        places = new Uint16Array(groups.reduce((sum, { count }) => sum + count, 0));
      let first = 0;
      for (const group of groups) {
        places.set(new Uint16Array(buffer, group.places, group.count), first);
        first += group.count;
      }
      kept.set(panel, { places, groups: groups.map(({ x, count }) => ({ x, count })) });
    });
  return (panel) => {
    const { places, groups } = kept.get(panel) as KeptGroups;
    let address = workspace.take(2 * places.length, false);
    new Uint16Array(workspace.bytes.buffer, address, places.length).set(places);
    return groups.map(({ x, count }) => {
      const group = { x, places: address, count };
      address += 2 * count;
      return group;
    });
  };
}
