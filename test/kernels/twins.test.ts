import { expect, test } from "vitest";
import {
  activations,
  integrators,
  outerRoom,
  packGradients,
  packPanel,
  scan,
  scanGradients,
  scanMemory,
  unpackPanel,
  type Kernels,
  type Plant,
  type ScanSetting,
  type ScanWeights,
} from "../../src/kernels";
import { plainKernels } from "../../src/kernels/plain";
import { simdKernels } from "../../src/kernels/simd";
import { zeros } from "../../src/tensor";
import { distance } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

const precisions = ["float64", "float32"] as const;
/**
 * Agreement asked of twins, the same kernels in plain TypeScript and in SIMD: every bit in float64; in float32, which
 * plain TypeScript does not round to, sums of up to a few hundred terms, each with a rounding of 6e-8.
 */
const tolerance = { float64: 0, float32: 1e-5 } as const;

/** Panels of one scan, forward and backward, and everything it leaves. */
function run(
  kernels: Kernels,
  setting: ScanSetting,
  weights: ScanWeights,
  trials: Record<
    "x0" | "scales" | "inputs" | "noise" | "observed" | "mask" | "dOutputs" | "dPlantStates",
    readonly number[]
  >,
) {
  return kernels.workspace.within(() => {
    const at = scanMemory(kernels, setting, weights),
      m = kernels.bytes === 4 ? kernels.workspace.f32 : kernels.workspace.f64,
      { lanes, bytes } = kernels;
    // one number for each row, varied over the 8 lanes that both precisions have
    const lay = (
      address: number,
      stride: number,
      steps: number,
      rows: number,
      values: readonly number[],
      spread = 0.1,
    ) => {
      for (let t = 0, k = 0; t < steps; t++)
        for (let i = 0; i < rows; i++, k++)
          for (let l = 0; l < lanes; l++)
            m[(address + t * stride) / bytes + i * lanes + l] = values[k] * (1 + spread * (l % 8));
    };
    const { units, inputs, outputs, steps, plant, rank = 0 } = setting,
      external = inputs - (plant?.feedback ?? 0);
    lay(at.states, 0, 1, units, trials.x0);
    lay(at.scales, 0, 1, rank, trials.scales);
    lay(at.sources + at.sourceRows * 64, at.zStep, steps, external, trials.inputs);
    if (setting.noisy) lay(at.noise, at.unitStep, steps, units, trials.noise);
    if (weights.filterGain) {
      lay(at.observed, at.outStep, steps, outputs, trials.observed);
      lay(at.observedMask, at.outStep, steps, outputs, trials.mask, 0);
    }
    lay(at.dOutputs, at.outStep, steps, outputs, trials.dOutputs);
    if (plant) lay(at.dPlantStates, at.plantStep, steps + 1, plant.states, trials.dPlantStates);
    const { forward, backward } = scan(kernels, setting, weights, at);
    forward();
    backward();
    const panel = (address: number, step: number, time: number, n: number) => {
      const x = zeros([lanes, time, n]);
      unpackPanel(x, kernels, address, step, 0);
      return x.data.subarray(0, 8 * time * n);
    };
    const sums = scanGradients(kernels, setting, weights, at);
    return {
      states: panel(at.states, at.unitStep, steps + 1, units),
      outputs: panel(at.outputs, at.outStep, steps, outputs),
      dInputs: panel(at.dSources + at.sourceRows * 64, at.zStep, steps, inputs),
      plantStates: panel(at.plantStates, at.plantStep, steps + 1, plant?.states ?? 0),
      lambda0: panel(at.carry, at.unitStep, 1, units),
      dScales: panel(at.dScales, 0, 1, rank),
      ...Object.fromEntries(Object.entries(sums).map(([name, data]) => [name, data.slice()])),
    } as Record<string, Float64Array>;
  });
}

/** Two states, `s <- 0.8 s + 0.1 u` of the first and the last control, the first of which come back as inputs. */
const leakyPlant = (controls: number, feedback: number): Plant => ({
  states: 2,
  controls,
  feedback,
  init: (state) => void state.fill(0.5),
  step(next, state, control) {
    next[0] = 0.8 * state[0] + 0.1 * control[0];
    next[1] = 0.8 * state[1] + 0.1 * control[controls - 1];
  },
  stepAdjoint(dState, dControl, dNext) {
    for (const [i, from] of [0, controls - 1].entries()) {
      dState[i] += 0.8 * dNext[i];
      dControl[from] += 0.1 * dNext[i];
    }
  },
});

function drawScan(draw: Draw): [ScanSetting, ScanWeights, Parameters<typeof run>[3]] {
  const units = draw.int(1, 37),
    low = draw.int(0, 2),
    rank = low ? draw.int(1, 7) : undefined,
    inputs = draw.int(0, 5),
    hasReadout = draw.int(0, 3) > 0,
    outputs = hasReadout ? draw.int(1, 21) : units,
    steps = draw.int(1, 21),
    plant = draw.int(0, 3) ? undefined : leakyPlant(outputs, Math.min(inputs, 2));
  const setting: ScanSetting = {
    units,
    rank,
    perTrial: low === 2,
    inputs,
    outputs,
    steps,
    alpha: 0.3,
    phi: activations[draw.int(0, activations.length - 1)],
    integrator: integrators[draw.int(0, integrators.length - 1)],
    reads: draw.int(0, 1) ? "rates" : "states",
    gain: draw.int(0, 1) ? 1 : 0.7,
    plant,
    noisy: draw.int(0, 1) === 1,
  };
  const of = (n: number, scale: number) => draw.normal([n], scale).data;
  const size = Math.sqrt(units); // ||alpha W|| stays below 1, so that rounding does not grow
  const weights = {
    left: of(units * (rank ?? units), rank ? 0.5 / Math.sqrt(rank) : 0.5 / size),
    right: rank ? of(units * rank, 0.5 / units) : undefined,
    static: rank && draw.int(0, 1) ? of(units * units, 0.3 / size) : undefined,
    filterGain: draw.int(0, 2) ? undefined : of(units * outputs, 0.2 / Math.sqrt(units * outputs)),
    wIn: of(units * inputs, 1),
    bias: draw.int(0, 1) ? of(units, 0.5) : undefined,
    readout: hasReadout ? of(outputs * units, 1 / size) : undefined,
    readoutBias: draw.int(0, 1) ? of(outputs, 1) : undefined,
  };
  const values = (n: number, scale = 1) => [...of(Math.max(1, n), scale)];
  const trials = {
    x0: values(units),
    scales: values(rank ?? 0),
    inputs: values(steps * inputs),
    noise: values(steps * units, 0.1),
    observed: values(steps * outputs),
    mask: values(steps * outputs).map((x) => (x > -0.5 ? 1 : 0)),
    dOutputs: values(steps * outputs),
    dPlantStates: values((steps + 1) * (plant?.states ?? 0)),
  };
  return [setting, { ...weights, readoutGain: draw.int(0, 1) ? of(outputs, 1) : undefined }, trials];
}

test.each(precisions)(
  "scan and adjoint agree with their twins at odd sizes, for every connectivity, " +
    "activation and integrator, filters and plants: %s",
  (precision) =>
    sweep((draw) => {
      const [setting, weights, trials] = drawScan(draw),
        simd = simdKernels(precision)!,
        got = run(simd, setting, weights, trials),
        want = run(plainKernels(precision), setting, weights, trials);
      for (const name of Object.keys(want)) {
        expect(got[name].length, name).toBe(want[name].length);
        // a state within rounding of the kink takes either slope: see the next test
        if (setting.phi === "relu" && precision === "float32") continue;
        expect(distance(got[name], want[name]), `${name} of ${JSON.stringify(setting)}`).toBeLessThanOrEqual(
          tolerance[precision],
        );
      }
    }, 120),
);

test.each(precisions)(
  "products that are cut into blocks agree with their twins, past every edge of a block: %s",
  (precision) => {
    for (const [rows, columns, steps] of [
      [7, 131, 19],
      [4, 64, 16],
      [5, 600, 33],
      [9, 17, 1],
    ])
      sweep((draw) => {
        const w = draw.normal([rows * columns]).data,
          g = draw.normal([steps * rows * 16]).data,
          h = draw.normal([steps * columns * 16]).data,
          add = draw.int(0, 1) as 0 | 1;
        const of = (kernels: Kernels) =>
          kernels.workspace.within(() => {
            const { workspace, lanes, bytes } = kernels,
              reals = () => (bytes === 4 ? workspace.f32 : workspace.f64);
            const lay = (data: Float64Array) => {
              const at = workspace.take(data.length * bytes);
              reals().set(data, at / bytes);
              return at;
            };
            const [wAt, gAt, hAt] = [
                w,
                g.subarray(0, steps * rows * lanes),
                h.subarray(0, steps * columns * lanes),
              ].map(lay),
              out = lay(g.subarray(0, rows * lanes)),
              dw = workspace.take(rows * columns * 8),
              room = workspace.take(outerRoom);
            kernels.product(out, wAt, hAt, rows, columns, add);
            kernels.outer(dw, gAt, hAt, rows, columns, steps, rows * 64, columns * 64, room);
            return [
              reals().slice(out / bytes, out / bytes + rows * lanes),
              workspace.f64.slice(dw / 8, dw / 8 + rows * columns),
            ];
          });
        const got = of(simdKernels(precision)!),
          want = of(plainKernels(precision));
        got.forEach((array, i) => expect(distance(array, want[i])).toBeLessThanOrEqual(tolerance[precision]));
      }, 2);
  },
);

test("relu agrees in float32 too, where no state comes near its kink", () => {
  let compared = 0;
  sweep((draw) => {
    const [setting, weights, trials] = drawScan(draw),
      up = { ...weights, bias: new Float64Array(setting.units).fill(12) },
      start = { ...trials, x0: trials.x0.map((x) => Math.abs(x) + 6) };
    const relu = { ...setting, phi: "relu" as const },
      got = run(simdKernels("float32")!, relu, up, start),
      want = run(plainKernels("float32"), relu, up, start);
    if (want.states.some((x) => Math.abs(x) < 0.01)) return;
    compared++;
    for (const name of Object.keys(want)) expect(distance(got[name], want[name]), name).toBeLessThanOrEqual(1e-5);
  }, 30);
  expect(compared).toBeGreaterThan(10);
});

test.each(precisions)(
  "losses and their derivatives agree, and a target that is NaN is never counted: %s",
  (precision) =>
    sweep((draw) => {
      const rows = draw.int(1, 9),
        simd = simdKernels(precision)!,
        plain = plainKernels(precision);
      const lanes = simd.lanes,
        y = draw.normal([rows * lanes], 4).data,
        target = draw.normal([rows * lanes]).data.map((t) => (t > 1 ? NaN : Math.round(Math.abs(3 * t))));
      const of = (kernels: Kernels) =>
        kernels.workspace.within(() => {
          const [a, b, d, e, seen] = [0, 0, 0, 0, 0].map(() => kernels.workspace.take(rows * 64)),
            [dispersions, slopes] = [0, 0].map(() => kernels.workspace.take(64)),
            m = kernels.bytes === 4 ? kernels.workspace.f32 : kernels.workspace.f64;
          m.set(y, a / kernels.bytes);
          m.set(target, b / kernels.bytes);
          m.set(
            target.map((t) => (Number.isNaN(t) ? 0 : 1)),
            seen / kernels.bytes,
          );
          kernels.workspace.f64.set([0.7, 0.02, 3], dispersions / 8);
          const out: number[][] = [];
          for (const loss of [
            () => kernels.squaredError(d, a, b, rows, 0.3),
            () => kernels.countLoss(d, a, b, rows, 0.3, 0.02, Math.log(0.02), 0, 0, 0, 1),
            () => kernels.countLoss(d, a, b, rows, 0.3, 0.02, Math.log(0.02), 1, 0, 0, 1),
            () => kernels.countLoss(d, a, b, rows, 0.3, 0.02, Math.log(0.02), 0, dispersions, 0, 1),
            () => kernels.countLoss(d, a, b, rows, 0.3, 0.5, Math.log(0.5), 1, dispersions, slopes, 3),
            () => {
              m.fill(0, d / kernels.bytes, d / kernels.bytes + rows * lanes);
              return kernels.penalize(d, a, a, rows, 0.7, 0.2); // the first row as weights
            },
          ])
            out.push([loss()], [...m.subarray(d / kernels.bytes, d / kernels.bytes + rows * lanes)]);
          out.push([...kernels.workspace.f64.subarray(slopes / 8, slopes / 8 + 3)]);
          for (const link of [0, 1] as const)
            for (const kind of [0, 1, 2] as const) {
              kernels.countInnovation(d, e, a, b, seen, rows, 0.4, link, kind);
              for (const at of [d, e]) out.push([...m.subarray(at / kernels.bytes, at / kernels.bytes + rows * lanes)]);
            }
          return out;
        });
      const got = of(simd),
        want = of(plain);
      got.forEach((array, i) => expect(distance(array, want[i])).toBeLessThanOrEqual(tolerance[precision]));
      target.forEach((t, i) => {
        if (Number.isNaN(t)) for (const d of [1, 3, 5, 7, 9]) expect(want[d][i]).toBe(0);
        if (Number.isNaN(t)) for (let d = 13; d < want.length; d++) expect(got[d][i]).toBe(0);
      });
    }),
);

test.each(precisions)(
  "panels pack and unpack trials alike; a lane without a trial repeats the last or is missing, masked " +
    "entries are NaN, and others that are not finite are counted: %s",
  (precision) =>
    sweep((draw) => {
      const trials = draw.int(1, 19),
        time = draw.int(1, 4),
        n = draw.int(1, 3),
        x = draw.normal([trials, time, n]),
        back = zeros(x.shape),
        mask = zeros(x.shape);
      x.data.forEach((value, at) => {
        x.data[at] = Math.fround(value);
        mask.data[at] = draw.int(0, 1);
      });
      for (const kernels of [simdKernels(precision)!, plainKernels(precision)])
        kernels.workspace.within(() => {
          const { workspace, lanes, bytes } = kernels,
            to = workspace.take(time * n * 64),
            staging = workspace.take(2 * lanes * time * n * 8),
            m = () => (bytes === 4 ? workspace.f32 : workspace.f64);
          for (let first = 0; first < trials; first += lanes) {
            expect(packPanel(kernels, to, n * 64, x, first, staging)).toBe(0);
            unpackPanel(back, kernels, to, n * 64, first);
            expect(m()[to / bytes + lanes - 1]).toBe(x.data[Math.min(first + lanes - 1, trials - 1) * time * n]);
            const broken = { shape: x.shape, data: x.data.map((value, at) => (mask.data[at] ? value : NaN)) };
            expect(packPanel(kernels, to, n * 64, broken, first, staging, { mask, missing: true })).toBe(0);
            expect(Number.isNaN(m()[to / bytes])).toBe(mask.data[first * time * n] === 0);
            if (first + lanes > trials) expect(m()[to / bytes + lanes - 1]).toBeNaN();
            const hidden = broken.data
              .subarray(first * time * n, Math.min(trials, first + lanes) * time * n)
              .filter(Number.isNaN).length;
            expect(packPanel(kernels, to, n * 64, broken, first, staging, { missing: true })).toBe(hidden);
          }
          expect(back).toEqual(x);
        });
    }, 20),
);

test.each(precisions)(
  "gradients go into lanes alike, zeros in lanes without a trial, and one " +
    "that is not finite is noticed wherever it is: %s",
  (precision) =>
    sweep((draw) => {
      const trials = draw.int(1, 37),
        time = draw.int(1, 4),
        n = draw.int(1, 9),
        x = draw.normal([trials, time, n]),
        back = zeros(x.shape),
        bad = draw.int(0, x.data.length - 1);
      x.data.forEach((value, at) => (x.data[at] = Math.fround(value)));
      const single = { shape: x.shape, data: new Float32Array(x.data) },
        broken = {
          shape: x.shape,
          data: x.data.map((value, at) => (at === bad ? [NaN, Infinity, -Infinity][draw.int(0, 2)] : value)),
        };
      for (const kernels of [simdKernels(precision)!, plainKernels(precision)])
        kernels.workspace.within(() => {
          const { workspace, lanes, bytes } = kernels,
            to = workspace.take((time * n + 1) * 64),
            m = () => (bytes === 4 ? workspace.f32 : workspace.f64);
          for (let first = 0; first < trials; first += lanes) {
            m().fill(7, to / bytes, to / bytes + time * n * lanes);
            expect(packGradients(kernels, to, n * 64, draw.int(0, 1) ? x : single, first)).toBe(true);
            unpackPanel(back, kernels, to, n * 64, first);
            for (let lane = trials - first; lane < lanes; lane++)
              for (let row = 0; row < time * n; row++) expect(m()[to / bytes + row * lanes + lane]).toBe(0);
            const trial = Math.floor(bad / (time * n));
            expect(packGradients(kernels, to, n * 64, broken, first)).toBe(trial < first || trial >= first + lanes);
          }
          expect(back).toEqual(x);
        });
    }, 40),
);

test("products over many columns and losses are the same bits in float64", () =>
  sweep((draw) => {
    const [simd, plain] = [simdKernels("float64")!, plainKernels("float64")];
    const rows = draw.int(1, 5),
      columns = draw.int(500, 1100);
    const w = draw.normal([rows * columns]).data,
      h = draw.normal([columns * 8]).data;
    const y = draw.normal([rows * 8]).data,
      counts = y.map(() => (draw.int(0, 4) === 0 ? NaN : draw.int(0, 9)));
    const of = (kernels: Kernels) =>
      kernels.workspace.within(() => {
        const { workspace } = kernels;
        const lay = (data: Float64Array) => {
          const address = workspace.take(data.length * 8);
          workspace.f64.set(data, address / 8);
          return address;
        };
        const read = (address: number, count: number) => workspace.f64.slice(address / 8, address / 8 + count);
        const [wAt, hAt, yAt, countsAt] = [w, h, y, counts].map(lay);
        const out = workspace.take(rows * 64),
          d = workspace.take(rows * 64),
          [dispersions, slopes] = [lay(Float64Array.of(0.4, 7)), lay(Float64Array.of(0, 0))];
        kernels.product(out, wAt, hAt, rows, columns, 0);
        kernels.product(out, wAt, hAt, rows, columns, 1);
        const sums = [kernels.squaredError(d, yAt, countsAt, rows, 0.3)],
          gradients = [...read(d, rows * 8)];
        for (const link of [0, 1] as const)
          for (const numbers of [0, dispersions]) {
            sums.push(kernels.countLoss(d, yAt, countsAt, rows, 0.3, 0.02, -3.9, link, numbers, numbers && slopes, 2));
            gradients.push(...read(d, rows * 8), ...read(slopes, 2));
          }
        for (const kind of [0, 1, 2] as const) {
          kernels.countInnovation(d, out, yAt, hAt, wAt, Math.min(rows, columns), 0.02, 0, kind);
          gradients.push(...read(d, rows * 8), ...read(out, rows * 8));
        }
        sums.push(kernels.penalize(d, yAt, hAt, rows, 0.3, 0.8));
        gradients.push(...read(d, rows * 8));
        return { product: read(out, rows * 8), sums, gradients };
      });
    expect(of(simd)).toEqual(of(plain));
  }, 30));
