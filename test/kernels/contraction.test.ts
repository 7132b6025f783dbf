import { expect, test } from "vitest";
import { simdContractions } from "../../src/kernels/contraction-kernels";
import type { ContractionKernels } from "../../src/kernels/contraction-set";
import { gramOfMode } from "../../src/kernels";
import { addGramOfColumns, addGramOfRows, addLeft, addRight } from "../../src/kernels/block-products";
import { plainContractions } from "../../src/kernels/plain-contract";
import { PlainMemory, Workspace } from "../../src/kernels/workspace";
import { gram, transpose, unfold, type Tensor } from "../../src";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

const transposed = (data: Float64Array, columns: number) =>
  transpose({ shape: [data.length / columns, columns], data }).data;

test("the passes of ALS agree with their twins to the bit, at odd sizes and with missing entries", () =>
  sweep((draw) => {
    const rows = draw.int(1, 13),
      columns = draw.int(1, 19),
      rank = draw.int(1, 12),
      x = draw.normal([rows * columns]).data,
      c = draw.normal([rank * columns]).data,
      w = draw.normal([rows * rank]).data,
      missing = x.map((value) => (value > 1 ? NaN : value));
    const of = (kernels: ContractionKernels) =>
      kernels.workspace.within(() => {
        const { workspace } = kernels;
        const lay = (data: Float64Array) => {
          const address = workspace.take(data.length * 8);
          workspace.f64.set(data, address / 8);
          return address;
        };
        const read = (address: number, count: number) => workspace.f64.slice(address / 8, address / 8 + count);
        const [xAt, cAt, wAt, yAt, yTAt, outAt, missingAt] = [x, c, w, w, transposed(w, rank), c, missing].map(lay);
        const apartT = workspace.take(8 * rank * (rows + 3)),
          apart = workspace.take(8 * rank * (columns + 3));
        addRight(kernels, yAt, xAt, cAt, rows, columns, rank);
        kernels.right(yTAt, xAt, cAt, rows, columns, rank, rank, 8, 8 * rows);
        kernels.right(apartT, xAt, cAt, rows, columns, rank, rank, 8, 8 * (rows + 3));
        addLeft(kernels, outAt, xAt, wAt, rows, columns, rank);
        kernels.left(apart, xAt, wAt, rows, columns, rank, rank, 8 * (columns + 3));
        const summedRows = workspace.take(8 * (columns + 1)),
          summedColumns = workspace.take(8 * (rows + 3 * columns + 3));
        kernels.sumRows(summedRows, xAt, wAt, rows, columns);
        kernels.sumColumns(summedColumns, xAt, cAt, rows, columns, 0.7);
        const ofRows = workspace.take(rows * rows * 8),
          ofColumns = workspace.take(columns * columns * 8);
        addGramOfRows(kernels, ofRows, xAt, rows, columns);
        addGramOfColumns(kernels, ofColumns, xAt, rows, columns);
        const residual = kernels.complete(missingAt, wAt, cAt, rows, columns, rank, 1);
        return {
          y: read(yAt, w.length),
          yT: read(yTAt, w.length),
          out: read(outAt, c.length),
          apartT: read(apartT, rank * (rows + 3)),
          apart: read(apart, rank * (columns + 3)),
          summedRows: read(summedRows, columns),
          summedColumns: read(summedColumns, rows),
          completed: read(missingAt, x.length),
          residual,
          ofRows: read(ofRows, rows * rows).filter((_, k) => k % rows <= Math.floor(k / rows)),
          ofColumns: read(ofColumns, columns * columns).filter((_, k) => k % columns >= Math.floor(k / columns)),
        };
      });
    const fast = of(simdContractions()!);
    expect(fast).toEqual(of(plainContractions(new Workspace(new PlainMemory()))));
    expect(fast.yT).toEqual(transposed(fast.y, rank));
  }, 60));

test("kernels stay within a memory that ends with what they are given, at odd sizes too", () => {
  const kernels = simdContractions()!,
    { workspace } = kernels,
    rest = -workspace.top & 65535 || 65536; // up to the end of a page
  const [columns, rank] = [15, 8];
  workspace.within(() => {
    workspace.take(rest + 65536 - 8 * rank * columns);
    const out = workspace.take(8 * rank * columns);
    expect((out + 8 * rank * columns) % 65536).toBe(0);
    workspace.f64.fill(1, out / 8 - 2 * columns, out / 8);
    addLeft(kernels, out, out - 16 * columns, out - 16 * columns, 2, columns, rank);
    expect(workspace.f64.slice(out / 8, out / 8 + rank * columns)).toEqual(new Float64Array(rank * columns).fill(2));
  });
});

test("the Gram matrix of a mode is that of its unfolding, in blocks of any size", () =>
  sweep((draw) => {
    const last = draw.int(0, 1) === 1,
      large = draw.int(0, 3) === 0,
      size = large ? draw.int(150, 160) : draw.int(1, 13),
      lefts = last ? draw.int(1, large ? 500 : 30) : draw.int(1, 3),
      rights = last ? 1 : draw.int(1, large ? 500 : 30),
      x: Tensor = draw.normal([lefts, size, rights]);
    const data = gramOfMode(x.data, lefts, size, rights);
    close({ shape: [size, size], data }, gram(transpose(unfold(x, 1))), 1e-13);
  }));
