import { expect, test } from "vitest";
import { simdContractions } from "../../src/kernels/contraction-kernels";
import type { ContractionKernels } from "../../src/kernels/contraction-set";
import { contractionKernels, countsVisit, gramOfMode } from "../../src/kernels";
import { plainContractions } from "../../src/kernels/plain-contract";
import { PlainMemory, Workspace } from "../../src/kernels/workspace";
import { gram, transpose, unfold, type Tensor } from "../../src";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("the passes of ALS agree with their twins to the bit, at odd sizes and with missing entries", () =>
  sweep((draw) => {
    const rows = draw.int(1, 13),
      columns = draw.int(1, 19),
      rank = draw.int(1, 12),
      add = draw.int(0, 1) as 0 | 1,
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
        const [xAt, cAt, wAt, yAt, outAt, missingAt] = [x, c, w, w, c, missing].map(lay);
        kernels.contractRight(yAt, xAt, cAt, rows, columns, rank, add);
        kernels.contractLeft(outAt, xAt, wAt, rows, columns, rank);
        const ofRows = workspace.take(rows * rows * 8),
          ofColumns = workspace.take(columns * columns * 8);
        kernels.gramOfRows(ofRows, xAt, rows, columns);
        kernels.gramOfColumns(ofColumns, xAt, rows, columns);
        const residual = kernels.complete(missingAt, wAt, cAt, rows, columns, rank, 1);
        return {
          y: read(yAt, w.length),
          out: read(outAt, c.length),
          completed: read(missingAt, x.length),
          residual,
          ofRows: read(ofRows, rows * rows).filter((_, k) => k % rows <= Math.floor(k / rows)),
          ofColumns: read(ofColumns, columns * columns).filter((_, k) => k % columns >= Math.floor(k / columns)),
        };
      });
    expect(of(simdContractions()!)).toEqual(of(plainContractions(new Workspace(new PlainMemory()))));
  }, 60));

test("losses of counts are those of single entries, and the same to the bit as their twins", () =>
  sweep((draw) => {
    const count = draw.int(1, 40),
      far = draw.int(0, 4) === 0,
      x = Float64Array.from({ length: count }, () => draw.int(-1, draw.int(0, 1) === 0 ? 3 : 25)),
      model = Float64Array.from({ length: count }, () => 3 * draw.uniform() * (far ? 1e20 : 1));
    const of = (kernels: ContractionKernels) =>
      kernels.workspace.within(() => {
        const { workspace } = kernels,
          [y, counts, sums, rest] = [count + 1, count + 1, 8, 2 * count].map((size) => workspace.take(8 * size));
        workspace.f64.set(model, y! / 8);
        workspace.f64.set(x, counts! / 8);
        const left = kernels.countsLoss(y!, counts!, count, sums!, rest!);
        const read = (address: number, size: number) => workspace.f64.slice(address / 8, address / 8 + size);
        return { y: read(y!, count), sums: read(sums!, 8), rest: read(rest!, 2 * left) };
      });
    const fast = of(simdContractions()!),
      plain = of(plainContractions(new Workspace(new PlainMemory())));
    if (!far) expect(fast).toEqual(plain);
    const room = new Float64Array(count + 2); // one entry before and after, which stay as they are
    room.set(model, 1);
    let loss = 0;
    const shared = contractionKernels().workspace,
      sum = shared.within(() => {
        const address = shared.take(8 * (count + 2));
        shared.f64.set(room, address / 8);
        const total = countsVisit(x)(shared.f64, address / 8 + 1, 0, count);
        room.set(shared.f64.subarray(address / 8, address / 8 + count + 2));
        return total;
      });
    x.forEach((entry, i) => {
      if (entry >= 0) loss += model[i]! - (entry === 0 ? 0 : entry * Math.log(model[i]! + 1e-10));
      const slope = entry < 0 ? 0 : 1 - entry / (model[i]! + 1e-10);
      expect(Math.abs(room[i + 1]! - slope)).toBeLessThanOrEqual(1e-15 * Math.abs(slope));
    });
    expect(Math.abs(sum - loss)).toBeLessThan(1e-13 * (1 + Math.abs(loss) + 1e2 * count));
    expect([room[0], room[count + 1]]).toEqual([0, 0]);
  }));

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
