// What is named inside the library, added as docs/extend.md says: one new file, and one entry where it is named.
import { expect, test } from "vitest";
import type { Params } from "../../src";
import { extended } from "../support/extended";
import { gradcheck } from "../support/gradcheck";
import { draw } from "../support/sweep";

test("an activation: the exponential linear unit, in every kind of network and in a fit", async () => {
  const library = await extended({
    files: {
      "kernels/elu.ts": `
        import { exp, log } from "../base";
        import type { ActivationFunction } from "./activation-function";
        /** x above 0, exp(x) - 1 below. */
        export const elu: ActivationFunction = {
          value: (x) => (x > 0 ? x : exp(x) - 1),
          pull: (d, h) => (h > 0 ? d : d * (h + 1)),
          range: [-1, Number.POSITIVE_INFINITY],
          inverse: (h) => (h > 0 ? h : log(Math.max(0.005, h + 1))),
          odd: false,
          homogeneous: false,
        };`,
    },
    edits: {
      "kernels/activation-names.ts": [['"identity"]', '"identity", "elu"]']],
      "kernels/activations.ts": [
        ["import { identity }", 'import { elu } from "./elu";\nimport { identity }'],
        ["softplus, identity }", "softplus, identity, elu }"],
      ],
    },
  });
  const { LowTensorRankRNN, fitLowTensorRank, lossAndGradient, simulate } = library,
    d = draw(1);
  const model = LowTensorRankRNN.random(
      { units: 5, inputs: 2, outputs: 2, rank: 2, trials: 9, phi: "elu" as never },
      3,
    ),
    batch = { inputs: d.normal([9, 6, 2]), targets: d.normal([9, 6, 2]) };
  for (const integrator of ["euler", "heun"] as const) {
    const options = { dt: 0.3, integrator };
    gradcheck(
      (params) => lossAndGradient(model.with({ params }), batch, options).loss,
      model.params as Params,
      lossAndGradient(model, batch, options).gradients as Params,
      d.normal,
    );
  }
  const { states, rates } = simulate(model, batch.inputs);
  rates.data.forEach((rate, i) => {
    const trial = Math.floor(i / 30),
      x = states.data[i + 5 * (trial + 1)];
    expect(Math.abs(rate - (x > 0 ? x : Math.expm1(x)))).toBeLessThan(1e-12);
  });
  const fit = await fitLowTensorRank(rates, 1, {
    decoder: "identity",
    network: { phi: "elu" as never },
    training: { steps: 20, starts: 1 },
  });
  expect(fit.loss).toBeLessThan(fit.starts[0].validationLoss + 1e-12);
  expect(() => LowTensorRankRNN.random({ units: 5, inputs: 2, rank: 2, trials: 9, phi: "elo" as never }, 3)).toThrow(
    "elu",
  );
});

test("an integrator: the midpoint rule, with its adjoint", async () => {
  const library = await extended({
    files: {
      "kernels/midpoint.ts": `
        import type { Stepper } from "./stepper";
        /**
         * p = x + alpha/2 f(x), x' = x + alpha f(p); its adjoint: g2 = alpha lambda, dp = J(p)' g2, g1 = alpha/2 dp.
         */
        export const midpoint: Stepper = {
          stages: 2,
          activates: false,
          forward({ kernels, memory, inputs, driveFrom, advance, add }, t) {
            const [second] = memory.later,
              x = memory.states + t * memory.unitStep,
              p = second.states + t * second.stateStep,
              next = x + memory.unitStep,
              u = memory.sources + t * memory.zStep + memory.sourceRows * 64;
            driveFrom(memory, t);
            const to = second.sources + t * memory.zStep + memory.sourceRows * 64;
            kernels.workspace.bytes.copyWithin(to, u, u + inputs * 64);
            advance(p, second.rates + t * memory.hStep, x, 1 / 2);
            driveFrom(second, t);
            add(next, x, 1, memory.drive);
            add(next, next, -1, p);
          },
          backward({ kernels, memory, units, inputs, add, adjoint, pull, innerOf, pullBack }, t, dRates, dRead) {
            const [second] = memory.later,
              g1 = memory.dDrive + t * memory.unitStep,
              g2 = second.dDrive + t * memory.unitStep,
              dp = memory.scratch;
            adjoint(g2, dRates, dRead, innerOf(memory, t + 1), 1);
            const dHp = pullBack(second, t);
            kernels.combine(memory.carry, 1, memory.carry, 1, g2, units); // lambda
            pull(dp, dHp, innerOf(second, t));
            kernels.combine(dp, 1, dp, -1, g2, units);
            add(g1, memory.zeroRows, 1 / 2, dp);
            kernels.combine(memory.carry, 1, memory.carry, 1, dp, units);
            kernels.combine(memory.carry, 1, memory.carry, -1, g1, units);
            const before = pullBack(memory, t),
              du = memory.dSources + t * memory.zStep + memory.sourceRows * 64;
            kernels.combine(du, 1, du, 1, second.dSources + t * memory.zStep + memory.sourceRows * 64, inputs);
            return before;
          },
        };`,
    },
    edits: {
      "kernels/integrators.ts": [
        ['import { heun } from "./heun";', 'import { heun } from "./heun";\nimport { midpoint } from "./midpoint";'],
        ["{ euler, heun }", "{ euler, heun, midpoint }"],
      ],
    },
  });
  const { FullRankRNN, lossAndGradient, simulate } = library,
    d = draw(2),
    options = { dt: 0.3, integrator: "midpoint" as never };
  const model = FullRankRNN.random({ units: 5, inputs: 2, outputs: 2, gain: 1.5 }, 3),
    batch = { inputs: d.normal([4, 6, 2]), targets: d.normal([4, 6, 2]) };
  gradcheck(
    (params) => lossAndGradient(model.with({ params }), batch, options).loss,
    model.params as Params,
    lossAndGradient(model, batch, options).gradients as Params,
    d.normal,
  );
  // of second order: half the step, a quarter of the error
  const start = model.with({ params: { x0: d.normal([1, 5]) } }),
    end = (steps: number, integrator: string) =>
      simulate(
        start,
        { shape: [1, steps, 2], data: new Float64Array(2 * steps) },
        {
          dt: 1 / steps,
          integrator: integrator as never,
        },
      ).states.data.slice(-5);
  const exact = end(4096, "heun"),
    error = (steps: number) => Math.hypot(...end(steps, "midpoint").map((x, i) => x - exact[i]));
  expect(error(32) / error(64)).toBeGreaterThan(3.7);
  expect(error(32) / error(64)).toBeLessThan(4.3);
});

test("a decoder by name: neurons as sums of rates with weights above 0", async () => {
  const library = await extended({
    files: {
      "parts/positive-decoder.ts": `
        import { exp, log1p, random } from "../base";
        import { zeros, type Matrix } from "../tensor";
        import type { DecoderKind, DecoderMatrix } from "./decoder";
        type Free = { readonly readout: Matrix };
        /** C = softplus of a free matrix. */
        export const positiveDecoder: DecoderKind = {
          freedom: { gain: "fixed", bias: "learned" },
          matrix({ neurons, units }): DecoderMatrix<Free> {
            const part = ({ readout: { shape, data } }: Free) => {
              const c: Matrix = { shape, data: data.map((x) => log1p(exp(x))) };
              const adjoint = (dC: Matrix): Free => ({
                readout: { shape, data: dC.data.map((d, i) => d / (1 + exp(-data[i]))) },
              });
              return [c, adjoint] as const;
            };
            const start = (seed: number): Free => {
              const { normal } = random(seed, "fit readout"), readout = zeros([neurons, units]);
              for (let i = 0; i < readout.data.length; i++) readout.data[i] = normal() - 1;
              return { readout };
            };
            return Object.assign(part, { description: { kind: "positive" }, start });
          },
        };`,
    },
    edits: {
      "parts/decoders.ts": [
        [
          "import { orthogonalDecoder }",
          'import { positiveDecoder } from "./positive-decoder";\nimport { orthogonalDecoder }',
        ],
        ["identity: identityDecoder }", "identity: identityDecoder, positive: positiveDecoder }"],
      ],
    },
  });
  const { fitLowTensorRank, simulate } = library,
    activity = draw(3).normal([8, 6, 4]);
  const fit = await fitLowTensorRank(activity, 1, {
    decoder: "positive" as never,
    network: { units: 5 },
    training: { steps: 20, starts: 1 },
  });
  const { outputs } = simulate(fit.model, fit.inputs, { dt: fit.dt, conditions: fit.conditions });
  expect(fit.model.params.readout!.data.every((c) => c > 0)).toBe(true);
  outputs.data.forEach((y, i) => expect(Math.abs(y - fit.prediction.data[i])).toBeLessThan(1e-12));
  expect(fit.loss).toBeLessThan(fit.starts[0].trace.losses[0]);
  await expect(fitLowTensorRank(activity, 1, { decoder: "positiv" as never })).rejects.toThrow('"positive"');
});

test("a loss by name, entry by entry", async () => {
  const library = await extended({
    files: {
      "losses/log-cosh.ts": `
        import { exp, log1p } from "../base";
        import type { EntryLoss } from "./loss";
        /** log cosh of the error: quadratic where it is small, linear where it is large. */
        export const logCosh: EntryLoss = {
          kind: "logCosh",
          description: { kind: "logCosh" },
          information: () => 1,
          entry(y, target) {
            const e = y - target, size = Math.abs(e), w = exp(-2 * size);
            return [size + log1p(w) - Math.LN2, (Math.sign(e) * (1 - w)) / (1 + w)];
          },
        };
        export const logCoshKind = { fields: {}, make: (): EntryLoss => logCosh } as const;`,
    },
    edits: {
      "losses/kinds.ts": [
        ["import { poissonKind }", 'import { logCoshKind } from "./log-cosh";\nimport { poissonKind }'],
        ["negativeBinomial: negativeBinomialKind,", "negativeBinomial: negativeBinomialKind, logCosh: logCoshKind,"],
      ],
    },
  });
  const { FullRankRNN, fitLowTensorRank, lossAndGradient } = library,
    d = draw(4),
    model = FullRankRNN.random({ units: 5, inputs: 1, outputs: 2 }, 1),
    batch = { inputs: d.normal([9, 6, 1]), targets: d.normal([9, 6, 2]) },
    options = { loss: { kind: "logCosh" } };
  gradcheck(
    (params) => lossAndGradient(model.with({ params }), batch, options).loss,
    model.params as Params,
    lossAndGradient(model, batch, options).gradients as Params,
    d.normal,
  );
  const activity = d.normal([20, 6, 4]);
  const fit = await fitLowTensorRank(activity, 1, {
    network: { units: 5 },
    training: { loss: "logCosh" as never, steps: 20, starts: 1, penalties: { noiseShare: 0 } },
  });
  expect(fit.loss).toBeLessThan(fit.starts[0].trace.losses[0]);
  expect(fit.provenance.facts.loss).toEqual({ kind: "logCosh" });
});
