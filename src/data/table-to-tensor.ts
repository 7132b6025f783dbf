import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Tensor3 } from "../tensor";
import { takeFrom, budgetOf } from "./memory";
import type { Table, TableColumn } from "./read-table";

/** Names of the columns of a long table, which has one row per trial, time and unit. */
export interface LongTableOptions {
  readonly trial: string;
  readonly time: string;
  readonly unit: string;
  readonly value: string;
  /** columns with one value per trial, such as its condition; default none */
  readonly perTrial?: readonly string[];
}

/** A tensor with the meaning of its indices. Plain data. */
export interface LabeledTensor extends Tensor3 {
  /**
   * what the table calls each trial: numbers in ascending order, of those that differ by rounding the smallest; texts
   * in order of appearance
   */
  readonly trials: readonly (number | string)[];
  readonly times: readonly (number | string)[];
  readonly units: readonly (number | string)[];
  /** the columns asked for, one value per trial */
  readonly perTrial: Readonly<Record<string, readonly (number | string)[]>>;
}

const fields = {
  trial: { is: "text", needed: true },
  time: { is: "text", needed: true },
  unit: { is: "text", needed: true },
  value: { is: "text", needed: true },
  perTrial: { is: "list", of: { is: "text" }, fallback: [] },
} as const satisfies FieldsOf<LongTableOptions>;

/**
 * A long table as a tensor (trials × times × units). Combinations without a row are missing (NaN).
 *
 * @throws {@link LtrnnError} when a column is not there or the values are text, a combination has two rows, an index is
 * missing, a column of `perTrial` changes within a trial, or the tensor would take more than 2 GiB
 * @remarks O(rows + entries).
 * @example tableToTensor(readTable("k,t,n,r\n1,0,a,2\n1,1,a,3"), { trial: "k", time: "t", unit: "n",
 * value: "r" }).data // Float64Array [2, 3]
 */
export function tableToTensor(table: Table, options: LongTableOptions): LabeledTensor {
  const where = "tableToTensor";
  checkTable(where, table);
  const { trial, time, unit, value, perTrial } = readOptions(where, options, fields),
    column = (name: string) => columnOf(where, table, name);
  const values = column(value);
  if (!(values instanceof Float64Array))
    fail(where, {
      expected: `numbers in column ${value}`,
      got: `text, such as ${show(values.find((cell) => !Number.isFinite(Number(cell))))}`,
      fix: "Name the column of the values; cells that mean missing can be named to readTable.",
    });
  const [byTrial, byTime, byUnit] = [trial, time, unit].map((name) => levelsOf(where, name, column(name))),
    shape = [byTrial.levels.length, byTime.levels.length, byUnit.levels.length] as const,
    entries = shape[0] * shape[1] * shape[2];
  takeFrom(budgetOf(2147483648), where, `a tensor (${shape.join(" × ")})`, 8 * entries);
  const data = new Float64Array(entries).fill(NaN),
    filled = new Uint8Array(entries);
  for (let row = 0; row < table.rows; row++) {
    const entry = (byTrial.index[row] * shape[1] + byTime.index[row]) * shape[2] + byUnit.index[row];
    if (filled[entry])
      fail(where, {
        expected: "one row for each trial, time and unit",
        got: `a second one in row ${row + 1} of the table`,
        fix: "Average or drop rows that repeat.",
      });
    filled[entry] = 1;
    data[entry] = values[row];
  }
  const labels = Object.fromEntries(
    perTrial.map((name) => [name, onePerTrial(where, name, column(name), byTrial.index, shape[0])]),
  );
  return { shape, data, trials: byTrial.levels, times: byTime.levels, units: byUnit.levels, perTrial: labels };
}

function checkTable(where: string, table: unknown): asserts table is Table {
  const { rows, columns } = (isRecord(table) ? table : {}) as { rows?: unknown; columns?: unknown };
  if (
    typeof rows === "number" &&
    rows >= 1 &&
    isRecord(columns) &&
    Object.values(columns).every((one) => (one instanceof Float64Array || Array.isArray(one)) && one.length === rows)
  )
    return;
  fail(where, {
    expected: "a table { rows, columns } with at least one row",
    got: show(table),
    fix: "Pass what readTable gives.",
  });
}

function columnOf(where: string, { columns }: Table, name: string): TableColumn {
  if (Object.hasOwn(columns, name)) return columns[name];
  return fail(where, {
    expected: `a column called ${name}`,
    got: `columns ${Object.keys(columns).slice(0, 20).join(", ")}`,
    fix: "Name one of these.",
  });
}

/** The different values of a column, and which of them each row has. */
function levelsOf(where: string, name: string, column: TableColumn) {
  const missing = Array.from(column as ArrayLike<number | string>).findIndex(
    (cell) => cell === "" || (typeof cell === "number" && !Number.isFinite(cell)),
  );
  if (missing >= 0)
    fail(where, {
      expected: `a value of ${name} in every row`,
      got: `none in row ${missing + 1}`,
      fix: "Fill it in, or drop the row.",
    });
  const levels = [...new Set<number | string>(column as Iterable<number | string>)],
    groups = column instanceof Float64Array ? nearGroups(levels as number[]) : levels.map((level) => [level]);
  const place = new Map(groups.flatMap((group, i) => group.map((level) => [level, i] as const)));
  return {
    levels: groups.map(([level]) => level),
    index: Array.from(column as ArrayLike<number | string>, (cell) => place.get(cell) as number),
  };
}

/**
 * Different numbers in ascending order, those together that differ by rounding alone, such as times less the time of
 * an event: by a billionth of their mean distance. Whole numbers never do.
 */
function nearGroups(levels: number[]): number[][] {
  const sorted = levels.sort((a, b) => a - b),
    groups: number[][] = [];
  const rounding = sorted.every(Number.isInteger)
    ? 0
    : (1e-9 * (sorted[sorted.length - 1] - sorted[0])) / sorted.length;
  for (const level of sorted) {
    const group = groups[groups.length - 1];
    if (group && level - group[0] <= rounding) group.push(level);
    else groups.push([level]);
  }
  return groups;
}

function onePerTrial(where: string, name: string, column: TableColumn, trialOf: readonly number[], trials: number) {
  const labels = new Array<number | string>(trials),
    seen = new Uint8Array(trials);
  for (let row = 0; row < trialOf.length; row++) {
    const trial = trialOf[row];
    if (seen[trial] && !Object.is(labels[trial], column[row]))
      fail(where, {
        expected: `one ${name} per trial`,
        got: `${show(labels[trial])} and ${show(column[row])} in one trial, in row ${row + 1} of the table`,
        fix: "Name only columns that stay within a trial in perTrial.",
      });
    seen[trial] = 1;
    labels[trial] = column[row];
  }
  return labels;
}
