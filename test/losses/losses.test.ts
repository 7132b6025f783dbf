import { expect, test } from "vitest";
import { compareEntries, kernelsFor } from "../../src/kernels";
import { lossFrom, meanSquaredError, negativeBinomialLoss, poissonLoss, type EntryLoss } from "../../src/losses";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient, type LossOptions } from "../../src/run";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { distance } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { sweep } from "../support/sweep";

const counts = (x: Tensor3): Tensor3 => ({ shape: x.shape, data: x.data.map((v) => Math.floor(Math.abs(2 * v))) });
const identity = (n: number) =>
  tensor(
    [n, n],
    Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
  );

test("a Poisson loss without a readout is that of an identity readout, gradients included, in both precisions", () =>
  sweep((draw) => {
    const units = draw.int(1, 6),
      trials = draw.int(1, 19),
      reads = draw.int(0, 1) ? "rates" : "states",
      bare = FullRankRNN.random({ units, inputs: 2, reads }, draw.seed),
      bias = draw.int(0, 1) ? { readoutBias: draw.normal([units]) } : {},
      plain = bare.with({ params: bias }),
      read = plain.with({ params: { readout: identity(units) } });
    const batch = { inputs: draw.normal([trials, 5, 2]), targets: counts(draw.normal([trials, 5, units])) };
    for (const gain of [1, 2.5, 10]) {
      const options: LossOptions = { dt: 0.3, loss: poissonLoss({ gain }) },
        got = lossAndGradient(plain, batch, options),
        want = lossAndGradient(read, batch, options);
      expect(got.loss).toBeCloseTo(want.loss, 13);
      // sums in another order
      for (const [name, g] of Object.entries(got.gradients as Params))
        expect(distance(g!.data, (want.gradients as Params)[name]!.data), name).toBeLessThan(1e-12);
      const single = lossAndGradient(plain, batch, { ...options, precision: "float32" });
      expect(Math.abs(single.loss / got.loss - 1)).toBeLessThan(1e-5);
    }
    const options: LossOptions = { dt: 0.3, loss: poissonLoss({ gain: 2.5 }) };
    gradcheck(
      (params) => lossAndGradient(plain.with({ params }), batch, options).loss,
      plain.params as Params,
      lossAndGradient(plain, batch, options).gradients as Params,
      draw.normal,
    );
  }, 8));

test("validation entries move nothing without a mask, and are those that the mask leaves; an overlap is refused", () =>
  sweep((draw) => {
    const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 2 }, draw.seed),
      inputs = draw.normal([9, 5, 1]),
      targets = draw.normal([9, 5, 2]),
      validation = zeros(targets.shape);
    for (let i = 0; i < 30; i++) validation.data[draw.int(0, 89)] = 1;
    const mask: Tensor3 = { shape: validation.shape, data: validation.data.map((v) => 1 - v) };
    const got = lossAndGradient(model, { inputs, targets, validation });
    expect(got.loss).toBe(lossAndGradient(model, { inputs, targets, mask }).loss);
    expect(got.gradients).toEqual(lossAndGradient(model, { inputs, targets, mask }).gradients);
    expect(got.validationLoss).toBeCloseTo(lossAndGradient(model, { inputs, targets, mask: validation }).loss, 14);
    const all: Tensor3 = { shape: mask.shape, data: new Float64Array(90).fill(1) };
    expect(() => lossAndGradient(model, { inputs, targets, mask: all, validation })).toThrow("1 in both at index");
  }, 8));

test.each<[string, EntryLoss]>([
  ["squared error", meanSquaredError],
  ["Poisson, softplus", poissonLoss({ binWidth: 0.3 })],
  ["Poisson, exp", poissonLoss({ binWidth: 2, link: "exp" })],
  ["negative binomial", negativeBinomialLoss({ dispersion: 0.7, binWidth: 0.3 })],
  ["negative binomial, one of each output", negativeBinomialLoss({ dispersion: [0.7, 2], binWidth: 0.3 })],
  ["negative binomial, learned", negativeBinomialLoss({ dispersion: "neuron", logDispersion: [-1, 2] })],
])("a compiled loss is the sum of its entries, and its slope their derivative: %s", (_, loss) => {
  const kernels = kernelsFor("float64"),
    { workspace } = kernels;
  workspace.within(() => {
    const rows = 11,
      [outputs, targets, slow, fast] = [1, 2, 3, 4].map(() => workspace.take(rows * 64)),
      view = (address: number) => workspace.f64.subarray(address / 8, address / 8 + rows * 8);
    for (let i = 0; i < rows * 8; i++) {
      view(outputs)[i] = 8 * Math.sin(i * i);
      view(targets)[i] = i % 7 === 0 ? NaN : i % 5;
    }
    const comparison = { kernels, outputs, targets, rows, columns: 2, scale: 0.5, room: workspace.take(32) };
    const sum = compareEntries({ ...comparison, gradient: slow }, loss.entry),
      compiled = loss.compare?.({ ...comparison, gradient: fast });
    expect(compiled! / sum).toBeCloseTo(1, 12);
    expect(distance(view(fast), view(slow))).toBeLessThan(1e-13);
    for (let i = 1; i < rows * 8; i += 9) {
      const [y, target] = [view(outputs)[i], view(targets)[i]];
      if (Number.isNaN(target)) continue;
      const at = (z: number) => loss.entry(z, target, Math.floor(i / 8) % 2);
      const difference = (at(y + 1e-6)[0] - at(y - 1e-6)[0]) / 2e-6;
      expect(at(y)[1]).toBeCloseTo(difference, 5);
    }
  });
});

test(
  "a loss that a user writes entry by entry trains like one of the " +
    "library, and one comes back from its description",
  () => {
    const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 2 }, 3),
      batch = { inputs: tensor([2, 3, 1], [1, 2, 3, 4, 5, 6]), targets: zeros([2, 3, 2]) };
    const halfSquare: EntryLoss = {
      kind: "halfSquare",
      description: { kind: "halfSquare" },
      entry: (y, target) => [(y - target) * (y - target) * 0.5, y - target],
    };
    const want = lossAndGradient(model, batch);
    expect(lossAndGradient(model, batch, { loss: halfSquare }).gradients.w.data).toEqual(want.gradients.w.data);
    const poisson = { loss: poissonLoss({ gain: 2, binWidth: 0.1 }) },
      again = { loss: lossFrom(JSON.parse(JSON.stringify(poisson.loss.description))) };
    expect(lossAndGradient(model, batch, again).gradients).toEqual(lossAndGradient(model, batch, poisson).gradients);
    expect(lossAndGradient(model, batch, { loss: poisson.loss.description }).loss).toBe(
      lossAndGradient(model, batch, poisson).loss,
    );
  },
);

test("losses that are none, options that are none and masks that hold more than 0 and 1 are refused", () => {
  const model = FullRankRNN.random({ units: 2, inputs: 1, outputs: 2 }, 1),
    batch = { inputs: zeros([2, 4, 1]), targets: zeros([2, 4, 2]) };
  const refused = (options: unknown, more: object = {}) =>
    expect(() => lossAndGradient(model, { ...batch, ...more }, options as LossOptions));
  refused({ loss: { kind: "Poisson" } }).toThrow("lossAndGradient: expected loss to be a loss of the kind");
  refused({ loss: { kind: "poisson", gain: -1 } }).toThrow("expected loss.gain to be a finite number above 0, got -1");
  refused({ loss: { kind: "poisson", link: "sigmoid" } }).toThrow('"softplus" or "exp"');
  refused({ loss: { ...poissonLoss(), description: { kind: "poisson", gain: -1 } } }).toThrow("got -1");
  refused({ loss: null }).toThrow("got null");
  refused(0.05).toThrow("lossAndGradient: expected options to be a record");
  refused({ presicion: "float32" }).toThrow("Did you mean precision?");
  refused({}, { mask: { shape: [2, 4, 2], data: new Float64Array(16).fill(NaN) } }).toThrow(
    "mask to hold 0 and 1 only",
  );
  refused({}, { mask: null }).toThrow("got null");
  refused({}, { heldOut: zeros([2, 4, 2]) }).toThrow("the unknown name heldOut");
});
