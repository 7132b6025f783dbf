import { expect, test } from "vitest";
import { contractionKernels, countsVisit } from "../../src/kernels";
import { plainCounts, simdCounts, type CountsKernels } from "../../src/kernels/counts-kernels";
import { sweep } from "../support/sweep";

test("losses of counts are those of single entries, and the same to the bit as their twins", () =>
  sweep((draw) => {
    const count = draw.int(1, 40),
      far = draw.int(0, 4) === 0,
      x = Float64Array.from({ length: count }, () => draw.int(-1, draw.int(0, 1) === 0 ? 3 : 25)),
      model = Float64Array.from({ length: count }, () => 3 * draw.uniform() * (far ? 1e20 : 1));
    const of = (kernels: CountsKernels) =>
      kernels.workspace.within(() => {
        const { workspace } = kernels,
          [y, counts, sums, rest] = [count + 1, count + 1, 8, 2 * count].map((size) => workspace.take(8 * size));
        workspace.f64.set(model, y! / 8);
        workspace.f64.set(x, counts! / 8);
        const left = kernels.countsLoss(y!, counts!, count, sums!, rest!);
        const read = (address: number, size: number) => workspace.f64.slice(address / 8, address / 8 + size);
        if (left < 0) return { left, y: read(y!, count) };
        return { left, y: read(y!, count), sums: read(sums!, 6), rest: read(rest!, 2 * left) };
      });
    const fast = of(simdCounts()!),
      plain = of(plainCounts());
    expect(fast).toEqual(plain);
    if (far && Math.max(...model) > 1e19) expect(fast).toEqual({ left: -1, y: model }); // left as it was
    const { workspace } = contractionKernels(),
      room = new Float64Array(count + 2); // one entry before and after, which stay as they are
    room.set(model, 1);
    let loss = 0;
    const sum = workspace.within(() => {
      const at = workspace.take(8 * (count + 2)) / 8;
      workspace.f64.set(room, at);
      const value = countsVisit(x)(workspace.f64, at + 1, 0, count);
      room.set(workspace.f64.subarray(at, at + count + 2));
      return value;
    });
    x.forEach((entry, i) => {
      if (entry >= 0) loss += model[i]! - (entry === 0 ? 0 : entry * Math.log(model[i]! + 1e-10));
      const slope = entry < 0 ? 0 : 1 - entry / (model[i]! + 1e-10);
      expect(Math.abs(room[i + 1]! - slope)).toBeLessThanOrEqual(1e-15 * Math.abs(slope));
    });
    expect(Math.abs(sum - loss)).toBeLessThan(1e-13 * (1 + Math.abs(loss) + 1e2 * count));
    expect([room[0], room[count + 1]]).toEqual([0, 0]);
  }));
