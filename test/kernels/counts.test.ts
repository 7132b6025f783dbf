import { expect, test } from "vitest";
import {
  contractionKernels,
  countGroups,
  countsVisit,
  keptGroups,
  modelPanels,
  type CountGroups,
  type CountsLoss,
} from "../../src/kernels";
import { countsKernels, simdCounts } from "../../src/kernels/counts-kernels";
import type { CountsKernels } from "../../src/kernels/counts-set";
import { plainCounts } from "../../src/kernels/plain-counts";
import { gcpLoss, type GcpLossDescription } from "../../src/gcp";
import { sweep, type Draw } from "../support/sweep";

const both = (): CountsKernels[] => [simdCounts()!, plainCounts(contractionKernels().workspace)];

/** Counts, many of them 0, some large, at places that a block has. */
const drawCounts = (draw: Draw, count: number): Float64Array =>
  Float64Array.from({ length: count }, () =>
    draw.int(0, 1) === 0 ? 0 : draw.int(0, draw.int(0, 1) === 0 ? 3 : draw.int(0, 3) === 0 ? 2000 : 40),
  );

test("the kernels of counts are the same to the bit as their twins, and write nothing else", () =>
  sweep((draw) => {
    const count = draw.int(1, 60),
      x = drawCounts(draw, count),
      far = draw.int(0, 4) === 0,
      model = Float64Array.from({ length: count }, () => 3 * draw.uniform() * (far ? 1e20 : 1)),
      rank = draw.int(1, 4),
      places = Uint16Array.from(x.keys()).filter((i) => x[i]! > 0),
      weight = draw.uniform(),
      [outer, inner] = [draw.int(1, 3), draw.int(1, 4)].map((n) =>
        Float64Array.from({ length: n * rank }, () => draw.uniform() - 0.5),
      ) as [Float64Array, Float64Array],
      pairs = (outer.length * inner.length) / rank / rank,
      first = draw.int(0, pairs - 1),
      product = draw.int(1, pairs - first);
    if (draw.int(0, 1) === 0) x[draw.int(0, count - 1)] = [-1, 0.5, NaN, -2, Infinity, -0][draw.int(0, 5)]!;
    const [fast, plain] = both().map((kernels) =>
      kernels.workspace.within(() => {
        const { workspace } = kernels,
          numbers = (data: ArrayLike<number>, room = 1) => {
            const at = workspace.take(8 * (data.length + room));
            workspace.f64.set(data, at / 8);
            return at;
          },
          read = (at: number, size: number) => workspace.f64.slice(at / 8, at / 8 + size),
          m = numbers(model),
          y = numbers(model),
          sums = numbers(new Float64Array(8)),
          list = workspace.take(2 * count),
          lists = [0, 1, 2, 3, 4].map(() => workspace.take(2 * (count + 8))),
          lengths = workspace.take(4 * 260),
          table = workspace.take(256 * 16);
        new Uint16Array(workspace.bytes.buffer, list, places.length).set(places);
        const tables = new Uint16Array(workspace.bytes.buffer, table, 256 * 8);
        for (let set = 0; set < 256; set++)
          [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => set & (1 << bit)).forEach((bit, k) => (tables[8 * set + k] = bit));
        const out: unknown[] = [];
        kernels.lowRank(y, numbers(x), m, 1, count, 1);
        out.push(read(y, count));
        const rows = Math.floor(count / rank);
        kernels.lowRank(y, m, numbers(model.slice(0, rank)), rows, 1, rank);
        out.push(read(y, count));
        out.push(kernels.flat(y, m, count, sums), read(y, count), read(sums, 2));
        kernels.overModel(y, m, list, places.length, 3, 1e-10, sums);
        if (!far) out.push(read(sums, 4)); // else the product is out of range, as flat says
        out.push(read(y, count));
        out.push(kernels.odds(y, m, count, weight, sums), read(y, count));
        if (!far) out.push(read(sums, 4));
        out.push(kernels.exponential(y, m, count), read(y, count));
        out.push(kernels.timesModel(y, m, list, places.length, 2), read(y, count));
        out.push(kernels.logistic(y, m, count), read(y, count));
        kernels.writeAt(y, list, places.length, 7);
        out.push(read(y, count));
        const at = numbers(x),
          [ones, twos, others, sorted, scratch] = lists as [number, number, number, number, number];
        kernels.splitCounts(at, count, ones, twos, others, lengths, table);
        const sizes = new Int32Array(workspace.bytes.buffer.slice(lengths, lengths + 12)),
          placesAt = (from: number, size: number) => [
            ...new Uint16Array(workspace.bytes.buffer.slice(from, from + 2 * size)),
          ];
        out.push([...sizes], placesAt(ones, sizes[0]!), placesAt(twos, sizes[1]!), placesAt(others, sizes[2]!));
        kernels.sortPlaces(at, others, sizes[2]!, sorted, lengths, scratch);
        out.push(placesAt(sorted, sizes[2]!));
        out.push([...new Int32Array(workspace.bytes.buffer.slice(lengths, lengths + 4 * 259))]);
        const [p, q, dp, dq, w] = [outer, inner, outer, inner, new Float64Array(product * rank)].map((data) =>
          numbers(data),
        );
        kernels.khatriRaoRows(w!, p!, q!, first, product, inner.length / rank, rank);
        kernels.khatriRaoAdjoint(w!, p!, q!, dp!, dq!, first, product, inner.length / rank, rank);
        out.push(read(w!, product * rank), read(dp!, outer.length), read(dq!, inner.length));
        return out;
      }),
    );
    expect(fast).toEqual(plain);
    if (far && Math.max(...model) > 1e19) expect(fast![2]).toBe(0); // products would leave their range
  }));

const losses: readonly (readonly [GcpLossDescription, CountsLoss])[] = [
  [{ kind: "poisson" }, { kind: "flat" }],
  [{ kind: "poissonLog" }, { kind: "exponential" }],
  [{ kind: "bernoulli" }, { kind: "odds", ofZero: 1, perCount: 0 }],
  [{ kind: "bernoulliLogit" }, { kind: "logistic" }],
  [
    { kind: "negativeBinomial", failures: 2.5 },
    { kind: "odds", ofZero: 2.5, perCount: 1 },
  ],
];

test.each(losses)(
  "$kind: losses of blocks are those of single entries, masked or not, in any range",
  (name, ofCounts) =>
    sweep((draw) => {
      const loss = gcpLoss(name),
        rows = draw.int(1, 9),
        columns = draw.int(0, 9) === 0 ? 4097 : draw.int(1, 40),
        x = drawCounts(draw, rows * columns).map((count) => (loss.data === "binary" ? Math.min(1, count) : count)),
        seen = draw.int(0, 1) === 0 ? undefined : x.map(() => draw.int(0, 2)),
        far = loss.nonNegative && draw.int(0, 4) === 0 ? 1e20 : 1,
        model = x.map(() => (loss.nonNegative ? 3 * draw.uniform() * far : 6 * draw.uniform() - 3)),
        panels = modelPanels(rows, columns),
        given = x.map((count, i) => (seen?.[i] === 0 ? NaN : count)); // what is missing is never read
      for (const kernels of both()) {
        const found = countGroups(given, seen, kernels) as CountGroups,
          kept = draw.int(0, 1) === 0 ? keptGroups(panels, found, kernels) : found,
          visit = countsVisit(kept, ofCounts, loss, kernels),
          { workspace } = kernels;
        let sum = 0,
          direct = 0,
          worst = 0,
          size = 0;
        for (const panel of panels) {
          const count = panel.rows * panel.columns,
            placeOf = (k: number) => panel.from + Math.floor(k / panel.columns) * panel.step + (k % panel.columns);
          workspace.within(() => {
            const m = workspace.take(8 * (count + 1)),
              y = workspace.take(8 * (count + 1));
            for (let k = 0; k < count; k++) workspace.f64[m / 8 + k] = model[placeOf(k)]!;
            sum += visit(m, y, panel);
            for (let k = 0; k < count; k++) {
              const place = placeOf(k),
                isSeen = seen?.[place] !== 0,
                slope = isSeen ? loss.derivative(x[place]!, model[place]!) : 0;
              // each within some roundings of the terms that it is the sum of
              const terms =
                1 +
                Math.abs(loss.derivative(0, model[place]!)) +
                x[place]! / (loss.nonNegative ? model[place]! + 1e-10 : 1);
              worst = Math.max(worst, Math.abs(workspace.f64[y / 8 + k]! - slope) / terms);
              if (!isSeen) continue;
              direct += loss.value(x[place]!, model[place]!);
              size +=
                1 +
                Math.abs(loss.value(x[place]!, model[place]!)) +
                x[place]! * Math.abs(Math.log(Math.abs(model[place]!)));
            }
          });
        }
        expect(worst).toBeLessThan(1e-15);
        expect(Math.abs(sum - direct)).toBeLessThan(1e-14 * size);
      }
    }),
);

test("an entry that is no count is not listed, wherever it stands, but for one that is missing", () =>
  sweep((draw) => {
    const rows = draw.int(1, 9),
      columns = draw.int(1, 40),
      x = drawCounts(draw, rows * columns),
      panels = modelPanels(rows, columns),
      wrong = draw.int(0, x.length - 1);
    x[wrong] = [-1, 0.5, NaN, -2, Infinity, 2 ** 53, 1e300, 300.5][draw.int(0, 7)]!;
    const mask = x.map((_, i) => (i === wrong ? 0 : 1));
    for (const kernels of both()) {
      const sizeOf = (seen: Float64Array | undefined) =>
        kernels.workspace.within(() => {
          const groups = panels.map(countGroups(x, seen, kernels));
          return groups.some((group) => !group)
            ? undefined
            : groups.flatMap((group) => group!).reduce((sum, { count }) => sum + count, 0);
        });
      expect([sizeOf(undefined), sizeOf(mask.map(() => 1))]).toEqual([undefined, undefined]);
      expect(sizeOf(mask)).toBe(x.filter((c, i) => c > 0 || i === wrong).length);
    }
    expect(countsKernels().workspace).toBe(contractionKernels().workspace);
  }));
