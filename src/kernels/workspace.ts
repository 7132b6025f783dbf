import { fail } from "../base";

/** A block of bytes that can grow: a WebAssembly memory, or a stand-in. Growing replaces `buffer`. */
export interface Memory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): unknown;
}

const page = 65536,
  line = 64;

/**
 * The memory that kernels work in: a stack of addresses in bytes. What is taken inside `within` is free again when that
 * ends, so the memory is as large as the largest computation so far needed, however many there were.
 */
export class Workspace {
  /** the first address that is free */
  top = 1024;
  private where = "ltrnn";
  private views: { f32: Float32Array; f64: Float64Array; bytes: Uint8Array };

  constructor(readonly memory: Memory) {
    this.views = viewsOf(memory.buffer);
  }

  /** A view of the memory, valid until the next `take`, which may replace the buffer. */
  get f32(): Float32Array {
    return this.now().f32;
  }
  get f64(): Float64Array {
    return this.now().f64;
  }
  get bytes(): Uint8Array {
    return this.now().bytes;
  }

  /** Takes so many bytes from the start of a cache line on, zeros unless `clear` is false. @returns the address */
  take(count: number, clear = true): number {
    const address = this.top,
      end = address + lines(count);
    this.growTo(end);
    this.top = end;
    if (clear) this.bytes.fill(0, address, end);
    return address;
  }

  /** Frees what was taken from this address on, for what outlives a call: `within` is for all else. */
  free(address: number): void {
    this.top = Math.min(this.top, address);
  }

  /**
   * Runs `work`, then frees what it took. `where` is the public function in whose name memory that is short is
   * reported.
   */
  within<T>(work: () => T, where = this.where): T {
    const before = this.top,
      { where: outer } = this;
    this.where = where;
    try {
      return work();
    } finally {
      this.top = before;
      this.where = outer;
    }
  }

  /** Grows the memory up to an address, where it is not as long. */
  growTo(end: number): void {
    const missing = end + line - this.memory.buffer.byteLength; // kernels may read a number past the last
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / page));
    } catch {
      fail(this.where, {
        expected: "a run whose kernels find the memory they need, at most 4 GiB",
        got: `a need of ${(end / 1073741824).toFixed(1)} GiB`,
        fix: "Take fewer steps, units or components at a time, or float32.",
      });
    }
  }

  private now() {
    if (this.views.bytes.buffer !== this.memory.buffer) this.views = viewsOf(this.memory.buffer);
    return this.views;
  }
}

/** Bytes of the cache lines that so many bytes take. */
export const lines = (count: number) => Math.ceil(count / line) * line;

const viewsOf = (buffer: ArrayBufferLike) => ({
  f32: new Float32Array(buffer),
  f64: new Float64Array(buffer),
  bytes: new Uint8Array(buffer),
});

/** A memory without WebAssembly. */
export class PlainMemory implements Memory {
  buffer: ArrayBuffer = new ArrayBuffer(page);
  grow(pages: number): void {
    const larger = new ArrayBuffer(this.buffer.byteLength + pages * page);
    new Uint8Array(larger).set(new Uint8Array(this.buffer));
    this.buffer = larger;
  }
}
