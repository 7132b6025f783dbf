import { fail, isRecord, show } from "../base";
import { checkFinite, checkShape, checkTensor, shapeText, sizeOf, zerosFor, type Shape, type Tensor } from "../tensor";

/** A tensor of mostly zeros: coordinates and values of the entries that may not be zero. Plain data. */
export interface SparseTensor {
  readonly shape: readonly number[];
  /** (entries × modes), row-major: one row per entry, one index per mode; in any order, no entry twice */
  readonly coordinates: Int32Array;
  /** (entries) */
  readonly values: Float64Array;
}

/**
 * The entries of a tensor that are not zero, in row-major order.
 *
 * @throws {@link LtrnnError} when x is not finite
 * @remarks O(entries).
 * @example sparseOf(tensor([2, 2], [0, 3, 0, 0])).coordinates // Int32Array [0, 1]
 */
export function sparseOf(x: Tensor): SparseTensor {
  checkTensor("sparseOf", "x", x);
  checkFinite("sparseOf", "x", x);
  const { shape, data } = x,
    count = data.reduce((sum, value) => (value === 0 ? sum : sum + 1), 0),
    coordinates = new Int32Array(count * shape.length),
    values = new Float64Array(count);
  for (let i = 0, entry = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    for (let mode = shape.length - 1, rest = i; mode >= 0; mode--) {
      coordinates[entry * shape.length + mode] = rest % shape[mode];
      rest = Math.floor(rest / shape[mode]);
    }
    values[entry++] = data[i];
  }
  return { shape: [...shape], coordinates, values };
}

/**
 * A sparse tensor from entries in any order, such as spikes listed one by one: values with the same coordinates are
 * added up, and sums of 0 are left out.
 *
 * @param coordinates - one row an entry, one index a mode: (entries × modes), row-major
 * @param values - (entries)
 * @throws {@link LtrnnError} when coordinates are outside of the shape, or a value is not finite
 * @remarks O(entries · (modes + log entries)).
 * @example sparseFrom([2, 3], Int32Array.of(1, 2, 0, 0, 1, 2), Float64Array.of(1, 5, 1)).values // Float64Array [5, 2]
 */
export function sparseFrom(shape: Shape, coordinates: Int32Array, values: Float64Array): SparseTensor {
  checkShape("sparseFrom", "shape", shape);
  checkEntries("sparseFrom", { shape, coordinates, values });
  return addedUp(shape, coordinates, values);
}

/** Entries in row-major order, those with the same coordinates added up, without zeros. */
export function addedUp(shape: Shape, coordinates: Int32Array, values: Float64Array): SparseTensor {
  const modes = shape.length,
    places = new Float64Array(values.length);
  for (let entry = 0, at = 0; entry < values.length; entry++)
    for (let mode = 0; mode < modes; mode++, at++) places[entry] = places[entry] * shape[mode] + coordinates[at];
  const order = Uint32Array.from(places, (_, entry) => entry).sort((a, b) => places[a] - places[b] || a - b),
    sums: number[] = [],
    first: number[] = [];
  for (const [i, entry] of order.entries())
    if (i > 0 && places[entry] === places[order[i - 1]]) sums[sums.length - 1] += values[entry];
    else {
      sums.push(values[entry]);
      first.push(entry);
    }
  const kept = first.filter((_, i) => sums[i] !== 0),
    out = new Int32Array(kept.length * modes);
  for (const [i, entry] of kept.entries()) out.set(coordinates.subarray(entry * modes, (entry + 1) * modes), i * modes);
  return { shape: [...shape], coordinates: out, values: Float64Array.from(sums.filter((sum) => sum !== 0)) };
}

/**
 * The dense tensor of a sparse one.
 *
 * @throws {@link LtrnnError} when it is not a sparse tensor, or too large to be written out
 * @remarks O(entries of the whole tensor).
 * @example sparseToTensor({ shape: [2, 2], coordinates: Int32Array.of(0, 1), values: Float64Array.of(3) }).data
 * // Float64Array [0, 3, 0, 0]
 */
export function sparseToTensor(x: SparseTensor): Tensor {
  checkSparse("sparseToTensor", x);
  if (sizeOf(x.shape) > 268435456)
    fail("sparseToTensor", {
      expected: "x of at most 2^28 entries, zeros included: two gigabytes",
      got: shapeText(x.shape),
      fix: "Work on its listed entries, as cpAlsSparse does.",
    });
  const out = zerosFor("sparseToTensor", x.shape),
    modes = x.shape.length;
  x.values.forEach((value, entry) => {
    let at = 0;
    for (let mode = 0; mode < modes; mode++) at = at * x.shape[mode] + x.coordinates[entry * modes + mode];
    out.data[at] = value;
  });
  return out;
}

/** Refuse what is not a sparse tensor: coordinates outside of it, an entry twice, a value that is not finite. */
export function checkSparse(where: string, x: SparseTensor): void {
  const record: unknown = x;
  if (!isRecord(record)) refuse(where, "x to be a sparse tensor { shape, coordinates, values }", show(record));
  checkShape(where, "x.shape", x.shape);
  const places = checkEntries(where, x, "x.");
  let ordered = 1; // number of leading entries in row-major order, as sparseOf and sparseFrom list them
  while (ordered < places.length && places[ordered] > places[ordered - 1]) ordered++;
  if (ordered >= places.length) return;
  places.sort();
  for (let entry = 1; entry < places.length; entry++)
    if (places[entry] === places[entry - 1])
      refuse(where, "every entry at most once", `two at place ${places[entry]}; sparseFrom adds them up`);
}

const refuse = (where: string, expected: string, got: string): never =>
  fail(where, {
    expected,
    got,
    fix: "Pass what sparseOf gives, or coordinates (entries × modes) and one value an entry.",
  });

/** Refuse coordinates and values that are not those of entries of this shape, and give the places of these. */
function checkEntries(where: string, { shape, coordinates, values }: SparseTensor, of = ""): Float64Array {
  const modes = shape.length;
  if (!(coordinates instanceof Int32Array)) refuse(where, `${of}coordinates to be an Int32Array`, show(coordinates));
  if (!(values instanceof Float64Array)) refuse(where, `${of}values to be a Float64Array`, show(values));
  if (coordinates.length !== values.length * modes)
    refuse(
      where,
      `${values.length * modes} coordinates, ${modes} for each of ${values.length} values`,
      String(coordinates.length),
    );
  const places = new Float64Array(values.length);
  for (let entry = 0; entry < values.length; entry++) {
    if (!Number.isFinite(values[entry])) refuse(where, "finite values", `${values[entry]} in entry ${entry}`);
    for (let mode = 0; mode < modes; mode++) {
      const index = coordinates[entry * modes + mode];
      if (index < 0 || index >= shape[mode])
        refuse(where, `coordinates from 0 to ${shape[mode] - 1} in mode ${mode}`, `${index} in entry ${entry}`);
      places[entry] = places[entry] * shape[mode] + index;
    }
  }
  return places;
}
