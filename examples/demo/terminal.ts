/** A line that says how far the work is: rewritten in place on a terminal, printed now and then elsewhere. */
export function progressLine(out: NodeJS.WriteStream = process.stdout) {
  const begun = performance.now();
  let printed = -Infinity,
    stage = "",
    width = 0;
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`;
  return {
    say(what: string, detail = "") {
      const now = performance.now(),
        fresh = what !== stage;
      stage = what;
      const line = `[${seconds()}] ${what}${detail ? `: ${detail}` : ""}`;
      if (out.isTTY) {
        if (now - printed < 50 && !fresh) return;
        out.write(`\r${line.padEnd(width)}`);
        width = line.length;
      } else {
        if (now - printed < 5000 && !fresh) return;
        out.write(`${line}\n`);
      }
      printed = now;
    },
    /** Clear the line, so that a table can be printed. */
    clear() {
      if (out.isTTY && width > 0) out.write(`\r${" ".repeat(width)}\r`);
      width = 0;
    },
    seconds,
  };
}
export type Progress = ReturnType<typeof progressLine>;

/** A table: a caption, column heads, and rows of text. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** what it shows, in a sentence or two */
  readonly note?: string;
}

/** Text of a table, columns aligned to the right but the first. */
export function tableText({ caption, columns, rows, note }: Table): string {
  const widths = columns.map((head, j) => Math.max(head.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j]))).join("   ")}`;
  return [
    "",
    caption,
    line(columns),
    line(widths.map((w) => "-".repeat(w))),
    ...rows.map(line),
    ...(note ? [`  ${note}`] : []),
    "",
  ].join("\n");
}

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
export const degrees = (radians: number): string => `${((180 / Math.PI) * radians).toFixed(1)}°`;
