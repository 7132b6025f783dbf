/** A number of a panel that is not finite, and where it stands. */
export interface NonFinite {
  readonly step: number;
  readonly row: number;
  readonly lane: number;
  readonly value: number;
}

/** An array of a panel, in numbers instead of bytes. */
interface PanelPlace {
  readonly address: number;
  readonly step: number;
  readonly times: number;
  readonly rows: number;
  readonly lanes: number;
  /** lanes that are trials */
  readonly count: number;
}

/** Whether so many numbers are finite. */
export function allFinite(m: Float64Array | Float32Array, from: number, count: number): boolean {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += m[i] - m[i];
  return sum === 0;
}

/** The first entry in time that is not finite. */
export function firstNonFinite(
  m: Float64Array | Float32Array,
  { address, step, times, rows, lanes, count }: PanelPlace,
): NonFinite | undefined {
  for (let t = 0; t < times; t++)
    for (let row = 0; row < rows; row++)
      for (let lane = 0; lane < count; lane++) {
        const value = m[address + t * step + row * lanes + lane];
        if (!Number.isFinite(value)) return { step: t, row, lane, value };
      }
  return undefined;
}
