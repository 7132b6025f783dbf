import { fail, readOptions, show, type FieldsOf } from "../base";
import { checkBytes } from "./bytes";
import { separatedRows } from "./separated-rows";

/** A column of a table: numbers, NaN where a cell is empty, or text. */
export type TableColumn = Float64Array | readonly string[];

/** A table of named columns, all of one length. Plain data. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, TableColumn>>;
}

/** Options of {@link readTable}. */
export interface ReadTableOptions {
  /** between cells; default: tab, semicolon or comma, the first of these that the header has outside of quotes */
  readonly separator?: string;
  /**
   * cells that mean "missing" among numbers, besides empty ones and NaN, however it is spelled; default NA, N/A, n/a,
   * #N/A, <NA>, NULL, null, None and missing
   */
  readonly missing?: readonly string[];
}

const fields = {
  separator: { is: "text" },
  missing: {
    is: "list",
    of: { is: "text" },
    fallback: ["NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null", "None", "missing"],
  },
} as const satisfies FieldsOf<ReadTableOptions>;

/** A number as programs print it: no hexadecimal, no blanks inside. One way to match each, so that time is linear. */
const numeral = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/,
  infinite = /^[+-]?inf(inity)?$/i,
  noNumber = /^[+-]?nan$/i,
  whole = /^[+-]?\d+$/;

/** Whether a cell is a number that a double holds: longer whole numbers and larger ones stay text, digit by digit. */
const isNumber = (cell: string): boolean =>
  infinite.test(cell) ||
  (numeral.test(cell) && Number.isFinite(Number(cell)) && (cell.length < 16 || !whole.test(cell) || isExact(cell)));

/** Whether the double nearest to a whole number is that number; of no number of more than 400 digits. */
const isExact = (cell: string): boolean => cell.length < 400 && BigInt(cell.replace("+", "")) === BigInt(Number(cell));

/**
 * A table from CSV or TSV text (RFC 4180: cells in double quotes may hold separators, line breaks and doubled quotes).
 * Lines end by CR LF, LF or CR. The first row names the columns; a first column without a name, as pandas and R write
 * that of rows, is called "index". A column is of numbers where every cell that is not
 * missing is one that a double holds, and of text otherwise: so are whole numbers beyond 2^53 that none holds exactly.
 *
 * @param source - the file's text, or its bytes in UTF-8, or in UTF-16 that begins with its mark of byte order
 * @throws {@link LtrnnError} when there is no header, names repeat or are empty, a row has another number of cells, or
 * a quote does not end; the message gives the row
 * @remarks O(bytes).
 * @example readTable("trial,rate\n1,0.5\n2,0.7").columns.rate // Float64Array [0.5, 0.7]
 */
export function readTable(source: string | Uint8Array, options?: ReadTableOptions): Table {
  const where = "readTable",
    { separator: given, missing } = readOptions(where, options, fields);
  if (given !== undefined && (given.length !== 1 || given === '"' || given === "\n" || given === "\r"))
    fail(where, {
      expected: "separator to be one character, no quote or line break",
      got: show(given),
      fix: 'Pass "," or "\\t".',
    });
  const text = textOf(where, source),
    separator = given ?? separatorIn(text);
  const [names, ...cells] = separatedRows(where, text, separator);
  if (!names || names.every((name) => name.trim() === ""))
    fail(where, {
      expected: "a first row that names the columns",
      got: "none",
      fix: "Write the names of columns above the first row.",
    });
  const columns: Record<string, TableColumn> = {},
    listed = new Set(["", ...missing]),
    isMissing = (cell: string) => listed.has(cell) || noNumber.test(cell);
  for (const [j, raw] of names.entries()) {
    const name = raw.trim() || (j === 0 ? "index" : "");
    if (name === "" || Object.hasOwn(columns, name))
      fail(where, {
        expected: "a name of its own for every column",
        got: name === "" ? `none for column ${j + 1}` : `${name} twice`,
        fix: "Give each column a name in the first row.",
      });
    const entries = cells.map((row) => row[j].trim()),
      isNumeric = entries.every((cell) => isMissing(cell) || isNumber(cell));
    const column = isNumeric
      ? Float64Array.from(entries, (cell) => (isMissing(cell) ? NaN : numberOf(cell)))
      : cells.map((row) => row[j]);
    Object.defineProperty(columns, name, { value: column, enumerable: true });
  }
  return { rows: cells.length, columns };
}

/** Tab, semicolon or comma: the first of these that the first row has outside of quotes. */
function separatorIn(text: string): string {
  let isQuoted = false,
    hasBegun = false,
    outside = "";
  for (const letter of text) {
    const isBreak = letter === "\n" || letter === "\r";
    if (isBreak && !isQuoted && hasBegun) break;
    hasBegun ||= letter.trim() !== "";
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted) outside += letter;
  }
  return ["\t", ";"].find((one) => outside.includes(one)) ?? ",";
}

const numberOf = (cell: string) => (/inf/i.test(cell) ? (cell.startsWith("-") ? -Infinity : Infinity) : Number(cell));

/** By the mark of byte order, which spreadsheets put before UTF-16. */
const encodingOf = ([first, second]: Uint8Array): string =>
  first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";

function textOf(where: string, source: string | Uint8Array): string {
  if (typeof source !== "string") checkBytes(where, source);
  let text: string;
  try {
    text = typeof source === "string" ? source : new TextDecoder(encodingOf(source), { fatal: true }).decode(source);
  } catch {
    return fail(where, {
      expected: "text in UTF-8, or in UTF-16 with its mark",
      got: "bytes that are none",
      fix: "Save the table as UTF-8; a spreadsheet's own format is no text.",
    });
  }
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
