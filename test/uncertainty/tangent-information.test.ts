import { expect, test } from "vitest";
import type { LowTensorRankFit } from "../../src/fit";
import { activations } from "../../src/kernels";
import { LowTensorRankRNN, type LowTensorRankParams } from "../../src/models";
import { simulate } from "../../src/run";
import { matmul, transpose, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { networkSpan } from "../../src/uncertainty/network-span";
import {
  biasChanges,
  columnChanges,
  inputChanges,
  inputWeightChanges,
  rowChanges,
  startChanges,
  unitColumnsOf,
} from "../../src/uncertainty/network-tangents";
import { factorTangents, type Tangent } from "../../src/uncertainty/tangent";
import { tangentInformation } from "../../src/uncertainty/tangent-information";
import { close } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

/** A network of random sizes, with or without each part. */
function drawn(d: Draw, trials: number) {
  const units = d.int(3, 6),
    rank = d.int(1, 3),
    outputs = d.int(2, 5),
    steps = d.int(2, 6),
    inputs = d.int(0, 2),
    readout = d.int(0, 1) === 1;
  const unit = (m: Matrix): Matrix => {
    const lengths = Array.from({ length: m.shape[1] }, (_, r) =>
      Math.sqrt(m.data.reduce((sum, x, i) => (i % m.shape[1] === r ? sum + x * x : sum), 0)),
    );
    return { shape: m.shape, data: m.data.map((x, i) => x / lengths[i % m.shape[1]]) };
  };
  const phi = activations.filter((name) => name !== "relu"); // whose corner differences would cross
  const model = new LowTensorRankRNN(
    {
      a: unit(d.normal([units, rank])),
      b: unit(d.normal([units, rank])),
      c: d.normal([trials, rank]),
      wIn: d.normal([units, inputs]),
      x0: d.normal([2, units]),
      bias: d.normal([units]),
      ...(d.int(0, 1) ? { w0: lowRank(d, units) } : {}),
      ...(readout ? { readout: d.normal([outputs, units]) } : {}),
      ...(d.int(0, 1) ? { readoutGain: d.normal([readout ? outputs : units]) } : {}),
    },
    { tau: 2, phi: phi[d.int(0, phi.length - 1)], reads: d.int(0, 1) ? "rates" : "states" },
  );
  const conditions = Array.from({ length: trials }, (_, k) => k % 2);
  return { model, inputs: d.normal([trials, steps, inputs]), conditions, preparation: d.int(0, steps - 1) };
}

const lowRank = (d: Draw, units: number): Matrix =>
  matmul(d.normal([units, 2], 0.5), transpose(d.normal([units, 2], 0.5)));

/** What is moved, and how. */
type Move = (size: number) => { readonly params?: Partial<LowTensorRankParams>; readonly inputs?: Tensor3 };

test("J'J and J' residual of every tangent are those of finite differences", () =>
  sweep((d) => {
    const trials = 3,
      { model, inputs, conditions, preparation } = drawn(d, trials),
      { a, b, wIn, x0, bias } = model.params as Required<LowTensorRankParams>,
      { units, rank } = model,
      run = { dt: 0.7, conditions };
    const { rates, outputs } = simulate(model, inputs, run),
      recorded = inputs.shape[1] - preparation,
      seen = outputs.shape[2],
      activity = d.normal([trials, recorded, seen]),
      mask = { ...activity, data: activity.data.map(() => (d.int(0, 3) > 0 ? 1 : 0)) },
      span = networkSpan(model, rates),
      columns = unitColumnsOf(span),
      size = 1.7;
    // the columns of the span of unit length, and principal directions of the rates, scaled as tangents are
    const f = columns.coordinates.map((j) =>
      Float64Array.from(
        { length: units },
        (_, i) => span.columns.data[i * span.columns.shape[1] + j] / columns.lengths[j],
      ),
    );
    const moved = (m: Matrix, column: number, by: ArrayLike<number>, amount: number): Matrix => ({
      shape: m.shape,
      data: m.data.map((x, i) => (i % m.shape[1] === column ? x + amount * by[Math.floor(i / m.shape[1])] : x)),
    });
    const column = (m: Matrix, r: number) => Float64Array.from({ length: units }, (_, i) => m.data[i * m.shape[1] + r]);
    const less = (x: Float64Array, y: Float64Array, s: number) => x.map((value, i) => value - s * y[i]);
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    const second = (x: Float64Array, y: Float64Array) => {
      let sum = 0;
      const count = rates.data.length / units;
      for (let p = 0; p < count; p++) {
        const h = rates.data.subarray(p * units, (p + 1) * units);
        sum += (dot(x, h) * dot(y, h)) / count;
      }
      return sum;
    };
    const v = span.variances.map((_, p) => column(span.rows, rank + p));
    const all: (readonly [Tangent, Move])[] = [];
    const add = (tangents: readonly Tangent[], moves: readonly Move[]) => {
      expect(tangents.length).toBe(moves.length);
      tangents.forEach((tangent, i) => all.push([tangent, moves[i]]));
    };
    const components = Array.from({ length: rank }, (_, r) => r),
      ones = new Float64Array(trials).fill(1);
    add(
      factorTangents(rank),
      components.map((r) => (s) => ({ params: { c: moved(model.params.c, r, ones, s) } })),
    );
    add(
      columnChanges(model, span, columns),
      components.flatMap((r) =>
        columns.coordinates.flatMap((coordinate, j) =>
          coordinate === r
            ? []
            : [(s: number) => ({ params: { a: moved(a, r, less(f[j], column(a, r), dot(f[j], column(a, r))), s) } })],
        ),
      ),
    );
    add(
      rowChanges(model, span),
      components.flatMap((r) => {
        const own = column(b, r),
          within = v.reduce((sum, w) => sum + second(w, own) * dot(w, own), 0); // within the directions that are kept
        return v.map((w, p) => (s: number) => {
          const scale = Math.sqrt(within / span.variances[p]);
          return { params: { b: moved(b, r, less(w, own, second(w, own) / within), s * scale) } };
        });
      }),
    );
    add(
      inputWeightChanges(span, columns),
      Array.from({ length: span.inputs }, (_, m) => m).flatMap((m) =>
        f.map((w) => (s: number) => ({ params: { wIn: moved(wIn, m, w, s * columns.lengths[rank + m]) } })),
      ),
    );
    add(
      biasChanges(columns, size),
      f.map((w) => (s) => ({ params: { bias: { ...bias, data: bias.data.map((x, i) => x + s * size * w[i]) } } })),
    );
    add(
      startChanges(columns, size),
      f.map((w) => (s) => ({ params: { x0: { ...x0, data: x0.data.map((x, i) => x + s * size * w[i % units]) } } })),
    );
    add(
      inputChanges(span, inputs),
      Array.from({ length: inputs.shape[1] * span.inputs }, (_, i) => (s: number) => {
        const m = i % span.inputs,
          bin = inputs.shape[1] * span.inputs,
          square = inputs.data.reduce((sum, x, at) => (at % span.inputs === m ? sum + x * x : sum), 0);
        const root = Math.sqrt(square / trials / inputs.shape[1]);
        return { inputs: { ...inputs, data: inputs.data.map((x, at) => (at % bin === i ? x + s * root : x)) } };
      }),
    );
    const fit = { inputs, conditions, dt: run.dt, preparation } as unknown as LowTensorRankFit;
    const { products, score, squares } = tangentInformation(
      { model, span, fit, activity, mask },
      model.params.c,
      all.map(([tangent]) => tangent),
    );
    const h = 1e-5,
      outputsAt = ({ params, inputs: u }: ReturnType<Move>) =>
        simulate(params ? model.with({ params }) : model, u ?? inputs, run).outputs.data;
    const jacobian = all.map(([, move]) => {
      const [up, down] = [outputsAt(move(h)), outputsAt(move(-h))];
      return up.map((x, at) => (x - down[at]) / (2 * h));
    });
    const count = all.length,
      wanted = zeros(products.shape),
      slope = zeros(score.shape);
    let left = 0;
    for (let k = 0; k < trials; k++)
      for (let entry = 0; entry < recorded * seen; entry++) {
        if (mask.data[k * recorded * seen + entry] === 0) continue;
        const at = (k * inputs.shape[1] + preparation) * seen + entry,
          residual = activity.data[k * recorded * seen + entry] - outputs.data[at];
        left += residual ** 2;
        for (let p = 0; p < count; p++) {
          slope.data[k * count + p] += jacobian[p][at] * residual;
          for (let q = 0; q < count; q++) wanted.data[(k * count + p) * count + q] += jacobian[p][at] * jacobian[q][at];
        }
      }
    close(products, wanted, 1e-6);
    close(score, slope, 1e-6);
    expect(Math.abs(squares / left - 1)).toBeLessThan(1e-12);
  }, 25));
