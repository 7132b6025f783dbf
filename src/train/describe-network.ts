import { describePlant } from "../kernels";
import { describeLoss, readLoss } from "../losses";
import { describeSetting, smallestTau } from "../models";
import { learnedLossOf, type LossOptions } from "../run";
import type { Params } from "../tensor";
import { describeBatch } from "./describe-batch";
import { digestsOf } from "./describe-params";
import { describeSteps } from "./describe-steps";
import type { ObjectiveDescription } from "./objective";
import type { Batches, StepOptions, Trainable } from "./trainable";

/** The objective of a network on a batch, as plain data: numbers by their checksums, functions by their names. */
export function describeNetwork(model: Trainable, batch: Batches, options: StepOptions = {}): ObjectiveDescription {
  return {
    kind: "network",
    connectivity: { ...model.connectivity },
    setting: describeSetting(model.setting),
    params: { ...digestsOf(lossParams(options)), ...digestsOf(model.params) },
    batch: typeof batch === "function" ? (batch.description ?? custom(batch.name)) : describeBatch(batch),
    options:
      typeof options === "function"
        ? describeSteps(options, (at) => describeOptions(model, at))
        : describeOptions(model, options),
  };
}

const custom = (name: string) => ({ kind: "custom", name: name || "anonymous" });

const lossParams = (options: StepOptions): Params =>
  typeof options === "function" ? {} : learnedLossOf("networkObjective", options).params;

function describeOptions({ setting }: Trainable, { loss, plant, noise, ratePenalty, ...run }: LossOptions) {
  return {
    dt: run.dt ?? smallestTau(setting) / 10,
    integrator: run.integrator ?? "euler",
    precision: run.precision ?? "float64",
    noise: noise ? { sigma: noise.sigma, seed: noise.seed, draw: noise.draw ?? "anew" } : null,
    plant: describePlant(plant) ?? null,
    loss: describeLoss(readLoss("networkObjective", "loss", loss)),
    ...(ratePenalty ? { ratePenalty: { l1: ratePenalty.l1 ?? 0, l2: ratePenalty.l2 ?? 0 } } : {}),
  };
}
