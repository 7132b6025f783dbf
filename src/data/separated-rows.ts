import { fail } from "../base";

/** The rows of separated text, each as long as the first. Blank lines are no rows, except within a single column. */
export function separatedRows(where: string, text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [],
    position = 0;
  const end = (): void => {
    const isBlank = row.length === 1 && row[0].trim() === "";
    if (!isBlank || (position < text.length && rows[0]?.length === 1)) {
      if (rows.length > 0 && row.length !== rows[0].length) refuse(where, rows.length + 1, row.length, rows[0].length);
      rows.push(row);
    }
    row = [];
  };
  while (position < text.length) {
    if (text[position] === '"') {
      const { cell, next } = quoted(where, text, position, separator, rows.length + 1);
      row.push(cell);
      position = next;
    } else {
      const start = position;
      while (position < text.length && text[position] !== separator && !isBreak(text[position])) position++;
      row.push(text.slice(start, position));
    }
    if (position >= text.length) break;
    if (text[position] === separator) {
      position++;
      if (position === text.length) row.push("");
      continue;
    }
    position = afterBreak(text, position);
    end();
  }
  if (row.length > 0) end();
  return rows;
}

const isBreak = (letter: string): boolean => letter === "\n" || letter === "\r";

/** Where the next line starts: a line ends by CR LF, LF, or CR alone, as on old Macintoshes; CR CR LF is one end. */
function afterBreak(text: string, position: number): number {
  const long = ["\r\r\n", "\r\n"].find((end) => text.startsWith(end, position));
  return position + (long ?? "\n").length;
}

/** The cell in quotes that starts here, and where what follows it starts. */
function quoted(
  where: string,
  text: string,
  start: number,
  separator: string,
  row: number,
): { cell: string; next: number } {
  let cell = "",
    from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0)
      fail(where, {
        expected: "a quote that ends",
        got: `one in row ${row} that does not`,
        fix: "Double the quotes inside a cell, and end it with one.",
      });
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { cell, next: afterQuote(where, text, quote + 1, separator, row) };
    cell += '"';
    from = quote + 2;
  }
}

/** After a quoted cell, and blanks, there is a separator, a line break or nothing. */
function afterQuote(where: string, text: string, start: number, separator: string, row: number): number {
  let next = start;
  while (text[next] === " " && separator !== " ") next++;
  if (next < text.length && text[next] !== separator && !isBreak(text[next]))
    fail(where, {
      expected: "a separator or a line break after a cell in quotes",
      got: `${text[next]} in row ${row}`,
      fix: "Double the quotes inside a cell.",
    });
  return next;
}

function refuse(where: string, row: number, got: number, want: number): never {
  fail(where, {
    expected: `${want} cells in every row, as in the first`,
    got: `${got} in row ${row}`,
    fix: "Check the separator, and quotes around cells that hold it.",
  });
}
