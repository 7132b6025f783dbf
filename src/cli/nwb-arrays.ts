import type { TableColumn } from "../data";
import { readNwb } from "../hdf5";
import { spikesToTensor } from "../preprocess";
import type { Tensor } from "../tensor";
import { UsageError, numberOf, numbersOf, textOf, type Call, type Terminal } from "./command";
import { bytesIn } from "./read-data";

/** Counts of spikes around an event of every trial, and the columns of the trials, from an NWB file. */
export async function nwbArrays(call: Call, file: string, terminal: Terminal): Promise<Record<string, Tensor>> {
  const window = numbersOf(call, "window"),
    binWidth = numberOf(call, "bin"),
    event = textOf(call, "align"),
    end = textOf(call, "until");
  if (event === undefined || window?.length !== 2 || binWidth === undefined)
    throw new UsageError(
      `${file}: expected --align COLUMN, --window a,b and --bin WIDTH, which say how spikes are binned.`,
    );
  const { spikeTimes, trials } = await readNwb(bytesIn(file));
  const times = (option: string, name: string): Float64Array => {
    const column = Object.hasOwn(trials.columns, name) ? trials.columns[name] : undefined;
    if (column instanceof Float64Array) return column;
    throw new UsageError(
      `--${option}: expected a column of times, one of ${Object.keys(trials.columns).join(", ")}, got "${name}".`,
    );
  };
  const counts = spikesToTensor(spikeTimes, {
    align: times("align", event),
    window: [window[0], window[1]],
    binWidth,
    ...(end === undefined ? {} : { until: times("until", end) }),
  });
  const columns = Object.entries(trials.columns).map(([name, column]) => [name, asNumbers(name, column, terminal)]);
  return { counts: { shape: counts.shape, data: counts.data }, ...Object.fromEntries(columns) };
}

/** A column as a vector; texts become their place in the order of appearance, which is said. */
function asNumbers(name: string, column: TableColumn, terminal: Terminal): Tensor {
  if (column instanceof Float64Array) return { shape: [column.length], data: column };
  const texts = [...new Set(column)];
  terminal.err(`${name}: ${texts.map((text, i) => `${i} = ${text}`).join(", ")}\n`);
  return { shape: [column.length], data: Float64Array.from(column, (text) => texts.indexOf(text)) };
}
