/** A block of a matrix (row-major). */
export interface ModelPanel {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
  /** the place in the whole of its first entry, and how far it is from one row to the next */
  readonly from: number;
  readonly step: number;
}

/** Numbers of a block: with their derivatives they stay in the cache from the model to the products. */
const blockSize = 16384;

/** Cuts a matrix into blocks of at most 65536 entries, in the order of a pass: column by column of blocks. */
export function modelPanels(rows: number, columns: number): ModelPanel[] {
  const width = columns <= 4096 ? columns : 520, // at a power of two, rows share a few lines of the cache
    height = Math.min(rows, Math.max(4, 4 * Math.floor(blockSize / width / 4))),
    panels: ModelPanel[] = [];
  for (let firstColumn = 0; firstColumn < columns; firstColumn += width)
    for (let firstRow = 0; firstRow < rows; firstRow += height)
      panels.push({
        firstRow,
        firstColumn,
        rows: Math.min(height, rows - firstRow),
        columns: Math.min(width, columns - firstColumn),
        from: firstRow * columns + firstColumn,
        step: columns,
      });
  return panels;
}
