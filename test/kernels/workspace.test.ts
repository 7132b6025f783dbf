import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { reserve } from "../../src/kernels/reserve";
import { simdKernels } from "../../src/kernels/simd";
import { PlainMemory, Workspace } from "../../src/kernels/workspace";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { zeros } from "../../src/tensor";

/** A memory that ends after so many pages. */
class SmallMemory extends PlainMemory {
  constructor(private left: number) {
    super();
  }
  override grow(pages: number): void {
    if (pages > this.left) throw new RangeError("no more");
    this.left -= pages;
    super.grow(pages);
  }
}

test("what is taken inside `within` is free again, zeros again, and starts a cache line", () => {
  const workspace = new Workspace(new PlainMemory());
  const first = workspace.within(() => {
    const address = workspace.take(100);
    workspace.bytes.fill(7, address, address + 100);
    return address;
  });
  expect(first % 64).toBe(0);
  expect(workspace.take(100)).toBe(first);
  expect(workspace.bytes[first + 50]).toBe(0);
});

test("memory that does not suffice is missed before any is taken, in the name of the function that was called", () => {
  const memory = new SmallMemory(4),
    workspace = new Workspace(memory);
  const caught = (work: () => unknown): LtrnnError => {
    try {
      workspace.within(() => workspace.within(work), "simulate");
    } catch (error) {
      if (error instanceof LtrnnError) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  };
  const refused = caught(() =>
    reserve(workspace, (take) => {
      for (let k = 0; k < 10; k++) take(65536);
    }),
  );
  expect(refused.where).toBe("simulate");
  expect(refused.message).toMatch(/4 GiB.*Take fewer steps, units or components/);
  expect(memory.buffer.byteLength).toBe(65536);
  reserve(workspace, (take) => void take(3 * 65536));
  const size = memory.buffer.byteLength;
  workspace.take(3 * 65536);
  expect(memory.buffer.byteLength).toBe(size);
  expect(caught(() => workspace.take(5 * 65536)).where).toBe("simulate");
});

test("a run that is too long for the kernels' memory is refused by its name, and leaves the memory as it was", () => {
  const model = FullRankRNN.random({ units: 60, inputs: 1, outputs: 1 }, 1),
    inputs = zeros([1, 1_000_000, 1]),
    before = simdKernels("float64")?.workspace.bytes.length;
  expect(before).toBeDefined();
  expect(() => lossAndGradient(model, { inputs, targets: inputs })).toThrow(/^lossAndGradient: expected a run whose/);
  expect(simdKernels("float64")?.workspace.bytes.length).toBe(before);
});
