import type { Dataset, Group } from "h5wasm";
import { fail, isRecord, readOptions, type FieldsOf } from "../base";
import type { Table, TableColumn } from "../data";
import { claimsOf, limitField, type Claims } from "./claims";
import { contentOf, readValue } from "./content";
import { entityAt } from "./read-hdf5";
import { withFile, type H5 } from "./with-file";

/** Options of {@link readNwb}. */
export interface ReadNwbOptions {
  /**
   * most bytes that one dataset may take as doubles, default 2 GiB; and bytes per byte of the file, counted where they
   * are more than 16 MiB, default 1000
   */
  readonly limit?: { readonly bytes?: number; readonly ratio?: number };
}

const fields = { limit: limitField } as const satisfies FieldsOf<ReadNwbOptions>;

/** What of an NWB file a fit begins with. */
export interface NwbSession {
  readonly identifier: string;
  /** spike times of every unit in seconds, in the order of the units table: what `spikesToTensor` takes */
  readonly spikeTimes: readonly Float64Array[];
  /** the other columns of the units table, such as electrode group or quality */
  readonly units: Table;
  /** one row per trial: start_time, stop_time and whatever the experiment adds; conditions and epochs are columns */
  readonly trials: Table;
  /** columns that are not read, with the reason: lists of several values per row, references, tables in tables */
  readonly leftOut: Readonly<Record<string, string>>;
}

/**
 * Units and trials of an NWB 2 file (Neurodata Without Borders): align its spikes to an event with `spikesToTensor`,
 * and take conditions and epochs from the columns of its trials.
 *
 * @param bytes - the whole file
 * @throws LtrnnError for what is no HDF5 file or a damaged one, has no units with spike times or no trials, or
 * whose spike index contradicts its spikes; and where the package h5wasm is not installed
 * @remarks O(bytes), and a copy of the file in memory.
 * @see Rübel, Tritt, Ly et al. (2022), The Neurodata Without Borders ecosystem, eLife 11
 * @example (await readNwb(nwbFile)).trials.rows // 8
 */
export function readNwb(bytes: Uint8Array, options?: ReadNwbOptions): Promise<NwbSession> {
  const where = "readNwb",
    claims = claimsOf(readOptions(where, options, fields).limit, bytes);
  return withFile(where, bytes, (file, h5wasm) => {
    const groupAt = (path: string, what: string): Group => {
      const found = entityAt(file, path);
      if (found instanceof h5wasm.Group) return found;
      return fail(where, {
        expected: `an NWB file with ${what} at /${path}`,
        got: `a file with ${file.keys().slice(0, 20).join(", ")}`,
        fix: "Read its datasets by path with readHdf5.",
      });
    };
    const leftOut: Record<string, string> = {},
      ofUnits = groupAt("units", "units"),
      ofTrials = groupAt("intervals/trials", "trials");
    const spikeTimes = spikesOf(where, ofUnits, h5wasm, claims);
    return {
      identifier: textAt(where, file, "identifier", h5wasm, claims),
      spikeTimes,
      units: tableOf(where, ofUnits, { h5wasm, claims, leftOut, rows: spikeTimes.length, without: ["spike_times"] }),
      trials: tableOf(where, ofTrials, { h5wasm, claims, leftOut, without: [] }),
      leftOut,
    };
  });
}

function textAt(where: string, group: Group, path: string, { Dataset }: H5, claims: Claims): string {
  const found = entityAt(group, path),
    value = found instanceof Dataset ? readValue(where, found, claims) : "";
  return typeof value === "string" ? value : "";
}

/** Numbers at a path of a group. */
function numbersAt(where: string, group: Group, path: string, { Dataset }: H5, claims: Claims): Float64Array {
  const found = entityAt(group, path),
    content = found instanceof Dataset ? contentOf(where, found, claims) : undefined;
  if (content && content.data instanceof Float64Array) return content.data;
  return fail(where, {
    expected: `numbers at ${group.path}/${path}`,
    got: content ? "text" : "none",
    fix: "Spike times of units are needed: sort spikes first, or read what there is with readHdf5.",
  });
}

/** Spike times unit by unit: all in one list, and where each unit ends in it. */
function spikesOf(where: string, units: Group, h5wasm: H5, claims: Claims): Float64Array[] {
  const all = numbersAt(where, units, "spike_times", h5wasm, claims),
    ends = numbersAt(where, units, "spike_times_index", h5wasm, claims);
  return Array.from(ends, (end, unit) => {
    const start = unit === 0 ? 0 : ends[unit - 1];
    if (!(start <= end && end <= all.length))
      fail(where, {
        expected: `an index that ascends to ${all.length} spikes`,
        got: `${end} after ${start} for unit ${unit}`,
        fix: "The file contradicts itself: save it again.",
      });
    return all.slice(start, end);
  });
}

interface Columns {
  readonly h5wasm: H5;
  readonly claims: Claims;
  readonly leftOut: Record<string, string>;
  /** default: as many as start_time has */
  readonly rows?: number;
  readonly without: readonly string[];
}

function tableOf(where: string, group: Group, { h5wasm, claims, leftOut, without, ...known }: Columns): Table {
  const rows = known.rows ?? numbersAt(where, group, "start_time", h5wasm, claims).length,
    keys = group.keys();
  const columns: Record<string, TableColumn> = {};
  const skip = (name: string, because: string) => {
    leftOut[`${group.path}/${name}`] = because;
  };
  for (const name of keys.filter((key) => !without.some((one) => key === one || key === `${one}_index`))) {
    if (isIndex(group, name, keys)) continue;
    const found = entityAt(group, name);
    if (isIndex(group, `${name}_index`, keys)) skip(name, "a list of values per row");
    else if (!(found instanceof h5wasm.Dataset)) skip(name, "a table in a table");
    else {
      const content = contentOrReason(() => contentOf(where, found, claims));
      if (typeof content === "string") skip(name, content);
      else if (content.data.length !== rows || content.shape.filter((size) => size !== 1).length > 1)
        skip(name, `shape ${content.shape.join(" × ")}`);
      else Object.defineProperty(columns, name, { value: content.data, enumerable: true });
    }
  }
  return { rows, columns };
}

/** Where the rows of another column end; a column of its own may have such a name too, as "trial_index". */
function isIndex(group: Group, name: string, keys: readonly string[]): boolean {
  if (!name.endsWith("_index") || ![name, name.slice(0, -"_index".length)].every((one) => keys.includes(one)))
    return false;
  const kind: unknown = (entityAt(group, name) as Dataset | undefined)?.attrs.neurodata_type?.value;
  return kind === undefined || kind === "VectorIndex";
}

function contentOrReason<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (isRecord(error) && typeof error.got === "string") return error.got;
    throw error;
  }
}
