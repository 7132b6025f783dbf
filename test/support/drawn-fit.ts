import type { FitOptions } from "../../src/fit";
import { negativeBinomialLoss, poissonLoss, type LossDescription } from "../../src/losses";
import {
  fixedTrialFactors,
  freeTrialFactors,
  piecewiseConstantTrialFactors,
  randomWalkTrialFactors,
  type SmoothFactors,
  type TrialFactors,
} from "../../src/parts";
import { zeros, type Tensor3 } from "../../src/tensor";
import type { Draw } from "./sweep";

/** A small recording and a call of a fit, in which every part is drawn among all that there are. */
export interface DrawnFit {
  readonly activity: Tensor3;
  readonly rank: number;
  readonly options: FitOptions;
  /** for messages */
  readonly name: string;
}

/** @param d - of a seed: the same one draws the same fit */
export function drawnFit(d: Draw): DrawnFit {
  const pick = <T>(...of: readonly T[]): T => of[d.int(0, of.length - 1)],
    trials = d.int(1, 9),
    time = d.int(1, 7),
    neurons = d.int(1, 4),
    shape = [trials, time, neurons] as const;
  const counted = d.int(0, 1) === 1,
    activity: Tensor3 = {
      shape,
      data: d.normal(shape, 0.4).data.map((x) => (counted ? Math.floor(4 * Math.abs(x)) : x)),
    };
  // ragged trials, holes, and held-out entries, but some of every neuron; what nobody reads is NaN
  const mask = zeros(shape),
    validation = zeros(shape),
    held = d.int(0, 1) === 1;
  for (let k = 0; k < trials; k++) {
    const length = d.int(1, time);
    for (let i = 0; i < time * neurons; i++) {
      const at = k * time * neurons + i,
        draw = d.int(0, 9);
      if (i >= length * neurons) continue;
      mask.data[at] = draw > 1 || (k === 0 && i < neurons) ? 1 : 0;
      validation.data[at] = held && draw === 0 && mask.data[at] === 0 ? 1 : 0;
    }
  }
  for (let i = 0; i < neurons; i++) mask.data[i] = 1;
  const masked = d.int(0, 2) > 0;
  if (masked)
    activity.data.forEach((_, i) => {
      if (mask.data[i] === 0 && validation.data[i] === 0) activity.data[i] = NaN;
    });
  const labels = Array.from({ length: trials }, (_, k) => k % pick(1, 2)),
    epochs = Array.from({ length: trials }, (_, k) => (k < trials / 2 ? "before" : "after")),
    times = Array.from({ length: trials }, (_, k) => 2 * k + (k % 2));
  const prior: SmoothFactors | TrialFactors = pick<() => SmoothFactors | TrialFactors>(
    () => ({ length: 2 }),
    () => ({ kernel: "rbf", length: 2, noise: 0.3, times }),
    () => ({ kernel: "matern32", length: 3, constants: "perEpoch" }),
    () => ({ kernel: "matern52", length: 3, basis: 0.95 }),
    () => freeTrialFactors(trials),
    () => fixedTrialFactors(trials),
    () => (trials > 3 ? randomWalkTrialFactors(times, { epochs }) : freeTrialFactors(trials)),
    () => piecewiseConstantTrialFactors(epochs),
  )();
  const kind = pick("linear" as const, "orthogonal" as const, "identity" as const),
    units = kind === "identity" ? neurons : d.int(neurons, neurons + 3),
    rank = d.int(1, Math.min(2, units)),
    preparation = pick(0, 0, 2),
    known = d.normal([trials, preparation + time, 1]);
  const inputs = pick<() => FitOptions["inputs"]>(
    () => 0,
    () => 2,
    () => known,
    () => ({ count: 1, changing: 1, l2: 0.1 }),
    () => ({ count: 2, smoothness: 2, l1: 0.05 }),
    () => ({ count: 1, controller: { units: 3, layers: [4] } }),
    () => [known, { count: 1, changing: 1, until: 1, smoothness: 2 }],
  )();
  const binWidth = 0.5,
    loss: LossDescription = counted
      ? pick(
          poissonLoss({ binWidth }).description,
          poissonLoss({ link: "exp", gain: 2 }).description,
          negativeBinomialLoss({ dispersion: 0.4, binWidth }).description,
          negativeBinomialLoss({ dispersion: "neuron" }).description,
          negativeBinomialLoss({ dispersion: "shared", link: "exp" }).description,
        )
      : { kind: "meanSquaredError" };
  const byEpoch = d.int(0, 1) === 1 || "constants" in prior;
  const options: FitOptions = {
    ...(masked ? { mask } : {}),
    ...(masked && validation.data.includes(1) ? { validation } : {}),
    ...(d.int(0, 1) ? { conditions: labels } : {}),
    ...(byEpoch ? { epochs } : {}),
    inputs,
    decoder: { kind, gain: pick("fixed", "shared", "learned"), bias: pick("fixed", "learned") },
    network: {
      units,
      tau: 3,
      dt: pick(1, 0.7),
      phi: counted || kind !== "identity" ? pick("tanh", "softplus", "relu", "identity") : pick("tanh", "identity"),
      trialKernel: prior,
      staticRank: pick<number | "full">(0, 1, "full"),
      initialStates: pick<"shared" | "condition" | { sigma: number }>("shared", "condition", { sigma: 0.3 }),
      span: pick("free", "columns"),
      filter: pick<boolean | "residual" | "score" | "pearson">(
        false,
        true,
        counted ? pick("residual", "score", "pearson") : false,
      ),
      preparation,
    },
    training: {
      loss,
      starts: 1,
      steps: 12,
      penalties: {
        ...(d.int(0, 1) ? { noiseShare: 0.2 } : {}),
        rates: pick({}, { l1: 0.02, l2: 0.1 }),
        trialFactors: pick({}, { l1: 0.01, l2: 0.1 }),
      },
    },
    seed: d.int(0, 99),
  };
  const { decoder, network } = options,
    described = {
      shape,
      rank,
      counted,
      masked,
      held,
      decoder,
      network: { ...network, trialKernel: undefined },
      inputs,
    };
  return {
    activity,
    rank,
    options,
    name: JSON.stringify({ ...described, loss, epochs: options.epochs !== undefined }),
  };
}
