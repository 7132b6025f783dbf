import type { Terminal } from "./command";

/** Lines of progress on stderr, at most two a second. */
export function progressOn(terminal: Terminal) {
  let printed = Number.NEGATIVE_INFINITY;
  return (text: string, always = false): void => {
    const now = performance.now();
    if (!always && now - printed < 500) return;
    printed = now;
    terminal.err(`${text}\n`);
  };
}

/** Time left in words. */
export const timeLeft = (seconds: number | null): string =>
  seconds === null ? "" : seconds < 90 ? `, ${Math.ceil(seconds)} s left` : `, ${Math.ceil(seconds / 60)} min left`;

/** Text of a table, columns aligned to the right but the first. */
export function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((head, j) => Math.max(head.length, ...rows.map((row) => row[j].length))),
    line = (cells: readonly string[]) =>
      cells.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j]))).join("   ");
  return `${[line(columns), line(widths.map((w) => "-".repeat(w))), ...rows.map(line)].join("\n")}\n`;
}

export const number = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined ? "" : value.toFixed(digits);

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
