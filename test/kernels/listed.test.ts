import { expect, test } from "vitest";
import { plainListed, simdListed, type ListedKernels } from "../../src/kernels/listed-kernels";
import { listedMttkrp3 } from "../../src/kernels";
import { sweep } from "../support/sweep";

test("products of listed entries are those of the definition, the same to the bit as their twins, in any mode", () =>
  sweep((draw) => {
    const shape = [draw.int(1, 7), draw.int(1, 8), draw.int(1, 9)],
      rank = draw.int(1, 7),
      count = draw.int(0, 2) === 0 ? draw.int(8190, 8200) : draw.int(0, 30), // more than are copied at a time
      coordinates = Int32Array.from({ length: 3 * count }, (_, at) => draw.int(0, shape[at % 3] - 1)),
      values = draw.normal([count]).data,
      factors = shape.map((size) => draw.normal([size, rank])),
      mode = draw.int(0, 2),
      [p, q] = [0, 1, 2].filter((n) => n !== mode),
      want = new Float64Array(shape[mode] * rank);
    for (let entry = 0; entry < count; entry++) {
      const [i, j, k] = [mode, p, q].map((n) => coordinates[3 * entry + n] * rank);
      for (let r = 0; r < rank; r++) want[i + r] += values[entry] * factors[p].data[j + r] * factors[q].data[k + r];
    }
    const others = [factors[p].data, factors[q].data] as const,
      data = listedMttkrp3(coordinates, values, mode, shape[mode], others, rank)!;
    expect(data).toEqual(want);
    const of = ({ workspace, listedProducts }: ListedKernels) =>
      workspace.within(() => {
        const lay = (numbers: Float64Array) => {
          const address = workspace.take(8 * numbers.length);
          workspace.f64.set(numbers, address / 8);
          return address;
        };
        const out = workspace.take(8 * want.length),
          [b, c, entries] = [...others, values].map(lay),
          indices = workspace.take(12 * count);
        new Int32Array(workspace.f64.buffer).set(coordinates, indices / 4);
        listedProducts(out, b, c, indices, entries, count, 4 * mode, 4 * p, 4 * q, rank);
        return workspace.f64.slice(out / 8, out / 8 + want.length);
      });
    expect(of(simdListed()!)).toEqual(of(plainListed()));
  }));
