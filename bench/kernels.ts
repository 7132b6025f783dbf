/**
 * The two dense products and the scan as fractions of the peak of SIMD128, on one core: `npm run bench -- kernels`.
 * Rounds alternate with the peak's loop, since the clock of a shared machine drifts.
 */
import { random } from "ltrnn";
import { kernelsFor, outerRoom, scan, scanMemory, type Precision, type ScanSetting } from "../src/kernels";
import { median } from "./median";
import { peakLoop } from "./peak";

const fill = (count: number, std: number) =>
  Float64Array.from({ length: count }, random(1, "kernels").normal).map((x) => std * x);

type Report = (work: string, flops: number, target: number, run: () => void) => void;

export async function kernels(rounds: number): Promise<void> {
  const peak = await peakLoop();
  for (const precision of ["float32", "float64"] as const) {
    const report: Report = (name, flops, target, work) => {
      let begun = performance.now();
      while (performance.now() - begun < 300) work(); // the engine's second compiler is done by then
      begun = performance.now();
      work();
      const runs = Math.ceil(20 / Math.max(0.01, performance.now() - begun)),
        times: number[] = [],
        peaks: number[] = [];
      for (let round = 0; round < rounds; round++) {
        peaks.push(peak() / (precision === "float32" ? 1 : 2));
        begun = performance.now();
        for (let run = 0; run < runs; run++) work();
        times.push((performance.now() - begun) / runs);
      }
      const ms = median(times),
        rate = flops / ms / 1e6;
      console.log(
        `${`${name}, ${precision}`.padEnd(58)} ours ` +
          `${ms.toFixed(2).padStart(7)} ms; ${rate.toFixed(1)} ` +
          `GFLOP/s, ${((100 * rate) / median(peaks)).toFixed(0)} % of peak (at least ${target})`,
      );
    };
    dense(precision, report);
    scans(precision, report);
  }
}

/** A decoder of 200 outputs on 200 units, and its gradient over 40 steps. */
function dense(precision: Precision, report: Report): void {
  const kernels = kernelsFor(precision),
    { workspace, lanes, bytes } = kernels,
    n = 200,
    steps = 40;
  workspace.within(() => {
    const w = workspace.take(n * n * bytes),
      h = workspace.take(steps * n * 64),
      out = workspace.take(steps * n * 64),
      dw = workspace.take(n * n * 8),
      room = workspace.take(outerRoom),
      reals = bytes === 4 ? workspace.f32 : workspace.f64;
    reals.set(fill(n * n, n ** -0.5), w / bytes);
    reals.set(fill(steps * n * lanes, 1), h / bytes);
    const flops = 2 * n * n * lanes * steps;
    report("product 200 x 200, 40 steps of a panel", flops, 65, () => {
      for (let t = 0; t < steps; t++) kernels.product(out + t * n * 64, w, h + t * n * 64, n, n, 0);
    });
    report("outer product 200 x 200, 40 steps of a panel", flops, 65, () =>
      kernels.outer(dw, out, h, n, n, steps, n * 64, n * 64, room),
    );
  });
}

/**
 * One panel forward and backward, products alone counted: activations, integration and their derivatives take time and
 * count nothing.
 */
function scans(precision: Precision, report: Report): void {
  const kernels = kernelsFor(precision),
    { workspace, lanes } = kernels,
    inputs = 3,
    steps = 100;
  for (const units of [128, 512])
    workspace.within(() => {
      const setting: ScanSetting = {
        units,
        perTrial: false,
        inputs,
        outputs: 2,
        steps,
        alpha: 0.2,
        phi: "tanh",
        integrator: "euler",
        reads: "rates",
        noisy: false,
      };
      const weights = {
          left: fill(units * units, units ** -0.5),
          wIn: fill(units * inputs, 1),
          readout: fill(2 * units, units ** -0.5),
        },
        memory = scanMemory(kernels, setting, weights);
      const { forward, backward } = scan(kernels, setting, weights, memory),
        flops = 2 * units * (units + inputs + 1 + 2) * lanes * steps;
      report(`scan, full rank, N = ${units}, T = 100, forward`, flops, 50, forward);
      report(`scan, full rank, N = ${units}, T = 100, its adjoint`, 2 * flops, 50, backward);
    });
}
