import { fail, isRecord, show, textChecksum, version } from "../base";
import { fromJson, toJson } from "../data";
import { isLost, type GridRow } from "./run-grid-job";

/**
 * Where finished cells are kept, so that a grid that was stopped can continue: a text that only grows. {@link
 * memoryJournal} keeps it in memory, `fileJournal` of `ltrnn/node` in a file.
 */
export interface Journal {
  /** all that was appended so far */
  read(): string | Promise<string>;
  /** add text at the end; the promise resolves when the text would survive a crash */
  append(text: string): void | Promise<void>;
}

/**
 * A journal in memory, for browsers and tests.
 *
 * @param text - of an earlier journal, as its `read` returned it
 * @throws {@link LtrnnError} when it is not a text
 * @example memoryJournal("").read() // ""
 */
export function memoryJournal(text = ""): Journal {
  if (typeof text !== "string")
    fail("memoryJournal", { expected: "text of an earlier journal", got: show(text), fix: "Pass what read() gave." });
  let kept = text;
  return {
    read: () => kept,
    append: (more) => {
      kept += more;
    },
  };
}

/** Refuse what is not a journal. */
export function checkJournal(where: string, name: string, value: unknown): void {
  let known = false;
  try {
    const { read, append } = value as Journal;
    known = typeof read === "function" && typeof append === "function";
  } catch {
    // refused below
  }
  if (!known)
    fail(where, {
      expected: `${name} to be a journal { read, append }`,
      got: show(value),
      fix: "Pass memoryJournal(), or fileJournal(path) of ltrnn/node.",
    });
}

/** A line: a checksum, and the text that it belongs to. */
const lineOf = (record: unknown): string => {
  const body = toJson(record);
  return `${textChecksum(body)} ${body}\n`;
};

/** An open journal of one grid: its rows, and a function that appends more. */
export interface OpenJournal {
  /** by cell */
  readonly rows: ReadonlyMap<number, GridRow>;
  /** lines that were incomplete or damaged: their cells are computed again */
  readonly dropped: number;
  append(row: GridRow): Promise<void>;
}

/** Read a journal of this grid, or begin it. */
export async function openJournal(where: string, journal: Journal, grid: string): Promise<OpenJournal> {
  const text: unknown = await journal.read();
  if (typeof text !== "string")
    fail(where, {
      expected: "text out of the journal",
      got: show(text),
      fix: "Let its read give all that was appended.",
    });
  const header = lineOf({ ltrnn: version, grid }),
    rows = new Map<number, GridRow>();
  let dropped = 0,
    begun = false;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const record = recordOf(line);
    if (record === undefined) {
      dropped++;
      if (!begun && !header.startsWith(line)) refuse(where, "another text", "Name a file of its own for the journal.");
    } else if (!begun) {
      checkHeader(where, record, grid);
      begun = true;
    } else if (isRow(record)) {
      if (!rows.has(record.cell)) rows.set(record.cell, record);
    } else checkHeader(where, record, grid);
  }
  const clean = text === "" || text.endsWith("\n") ? "" : "\n"; // after an incomplete line
  if (!begun) await journal.append(clean + header);
  let torn = begun && clean !== "";
  return {
    rows,
    dropped,
    async append(row) {
      if (isLost(row)) return;
      await journal.append((torn ? "\n" : "") + lineOf(row));
      torn = false;
    },
  };
}

/** The content of a line, or undefined where it is incomplete or damaged. */
function recordOf(line: string): unknown {
  const [sum, body] = [line.slice(0, 16), line.slice(17)];
  return textChecksum(body) === sum ? fromJson(body) : undefined;
}

function checkHeader(where: string, record: unknown, grid: string): void {
  if (!isRecord(record) || typeof record.ltrnn !== "string" || typeof record.grid !== "string")
    refuse(where, "another text", "Name a file of its own for the journal.");
  if (record.ltrnn !== version)
    refuse(
      where,
      `one of ltrnn ${record.ltrnn}, this is ${version}`,
      "Begin a new journal: numbers may differ between versions.",
    );
  if (record.grid !== grid)
    refuse(
      where,
      "one of another grid or other data",
      "Begin a new journal, or call with the grid, the options and the data of this one.",
    );
}

function refuse(where: string, got: string, fix: string): never {
  return fail(where, { expected: "a journal of this grid", got, fix });
}

/** Whether a record is the row of a cell. */
export const isRow = (record: unknown): record is GridRow =>
  isRecord(record) &&
  Number.isInteger(record.cell) &&
  (record.cell as number) >= 0 &&
  typeof record.model === "string" &&
  isRecord(record.axes) &&
  Number.isInteger(record.fold) &&
  typeof record.status === "string" &&
  ["training", "validation", "test"].every((set) => record[set] === null || Number.isFinite(record[set])) &&
  (record.reason === null || typeof record.reason === "string") &&
  isRecord(record.facts);
