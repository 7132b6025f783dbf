import type { GradientTransform } from "../../src/optim";
import { FullRankRNN, type FullRankParams } from "../../src/models";
import { zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { trajectoryCertificate, weightChanges } from "../../src/theory";
import { recordWeights, train, trajectoryObjective } from "../../src/train";
import type { Draw } from "./sweep";

/** A network that learns a task of random inputs and targets: no structure helps a bound. */
export interface Learning {
  readonly optimizer: GradientTransform;
  readonly phi?: "identity" | "tanh";
  readonly units?: number;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly trials?: number;
  readonly time?: number;
  readonly initialWeights?: Matrix;
  /** what is trained */
  readonly names?: readonly string[];
  readonly noise?: number;
  /** every step sees every other trial only */
  readonly miniBatches?: boolean;
  readonly steps?: number;
  /** declared to the certificate */
  readonly coefficient?: number;
}

export async function learn(
  draw: Draw,
  {
    optimizer,
    phi = "identity",
    units = 32,
    inputs = 3,
    outputs = 2,
    trials = 4,
    time = 12,
    initialWeights = zeros([units, units]),
    names = ["w"],
    noise = 0,
    miniBatches = false,
    steps = 30,
    coefficient = 1,
  }: Learning,
) {
  const { bias: _, readoutBias: __, ...params } = FullRankRNN.random({ units, inputs, outputs, phi }, draw.seed).params;
  const model = new FullRankRNN(
    {
      ...params,
      readout: { shape: params.readout!.shape, data: params.readout!.data.map((c) => 0.2 * units * c) },
      w: initialWeights,
    },
    { phi },
  );
  const whole = {
    inputs: draw.normal([trials, time, inputs]) as Tensor3,
    targets: draw.normal([trials, time, outputs]) as Tensor3,
  };
  const half = (parity: number) => {
    const pick = (x: Tensor3): Tensor3 => ({
      shape: [Math.ceil((trials - parity) / 2), x.shape[1], x.shape[2]],
      data: x.data.filter((_, at) => Math.floor(at / (x.shape[1] * x.shape[2])) % 2 === parity),
    });
    return { inputs: pick(whole.inputs), targets: pick(whole.targets) };
  };
  const batch = miniBatches && trials > 1 ? (step: number) => half(step % 2) : whole;
  const objective = trajectoryObjective(model, batch, {
    dt: 0.2,
    ...(noise > 0 ? { noise: { sigma: noise, seed: 3 } } : {}),
  });
  const certificate = trajectoryCertificate({ tolerance: 0.05 }),
    roundings = [0];
  let state = certificate.init(units);
  const run = async function* () {
    for await (const now of train(
      objective,
      Object.fromEntries(names.map((name) => [name, model.params[name as keyof FullRankParams]!])),
      { optimizer, steps, every: 1 },
    )) {
      yield now;
      const { adjoints, rates, alpha } = now.evaluation;
      if (now.status === "running") {
        const weights = now.params.w as Matrix;
        state = certificate.update(state, { adjoints, rates, alpha, coefficient, weights });
        roundings.push(state.rounding);
      }
    }
  };
  const { weights, losses, steps: updates } = await recordWeights(run(), model);
  return {
    model,
    losses,
    updates,
    changes: weightChanges(weights),
    roundings,
    state,
    certificate: certificate.read(state),
  };
}

/** Slice k of the last mode. */
export const slice = (x: Tensor3, k: number): Matrix => ({
  shape: [x.shape[0], x.shape[1]],
  data: Float64Array.from({ length: x.shape[0] * x.shape[1] }, (_, at) => x.data[at * x.shape[2] + k]),
});
