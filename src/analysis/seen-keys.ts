/** A set of pairs of 32-bit numbers, not both 0, that grows. */
export class SeenKeys {
  private size = 0;
  private mask = 4095;
  private table = new Uint32Array(2 * 4096);

  /** Add a pair; false where it was present. */
  add(p: number, q: number): boolean {
    if (!this.place(this.table, this.mask, p >>> 0, q >>> 0)) return false;
    if (++this.size > this.mask / 2) this.grow();
    return true;
  }

  private place(table: Uint32Array, mask: number, p: number, q: number): boolean {
    for (let slot = p & mask; ; slot = (slot + 1) & mask) {
      const a = table[2 * slot],
        b = table[2 * slot + 1];
      if (a === p && b === q) return false;
      if (a === 0 && b === 0) {
        table[2 * slot] = p;
        table[2 * slot + 1] = q;
        return true;
      }
    }
  }

  private grow(): void {
    const mask = 4 * this.mask + 3,
      table = new Uint32Array(2 * (mask + 1));
    for (let i = 0; i < this.table.length; i += 2)
      if (this.table[i] !== 0 || this.table[i + 1] !== 0) this.place(table, mask, this.table[i], this.table[i + 1]);
    this.mask = mask;
    this.table = table;
  }
}
