import { checksum } from "../base";
import type { OptionsOfStep } from "./trainable";
import type { LossOptions } from "../run";

/** The first steps are all compared; later ones at growing intervals. */
const first = 256,
  growth = 1.02,
  most = 1e5;

/** More changes than this are described by their checksum alone. */
const changesAtMost = 64;

/**
 * Options of each step as plain data: their description, or else the values of the function at the first 256 steps and
 * at some later ones. Where the function throws at a step, the list ends.
 */
export function describeSteps(options: OptionsOfStep, describe: (options: LossOptions) => object) {
  const { description, name } = options;
  if (description) return description;
  const changes: Record<string, object> = {};
  let before = "",
    all = "";
  for (let step = 0; step < most; step = step < first ? step + 1 : Math.ceil(step * growth)) {
    const now = optionsAt(options, step, describe);
    if (!now) break;
    const text = JSON.stringify(now);
    if (text !== before) {
      changes[`fromStep${step}`] = now;
      all += `${step}${text}`;
    }
    before = text;
  }
  const few = Object.keys(changes).length <= changesAtMost;
  return {
    kind: "custom",
    name: name || "anonymous",
    ...(few ? changes : { changes: checksum(Float64Array.from(all, (letter) => letter.charCodeAt(0))) }),
  };
}

function optionsAt(options: OptionsOfStep, step: number, describe: (options: LossOptions) => object) {
  try {
    return describe(options(step));
  } catch {
    return undefined; // train reports the error when it reaches that step
  }
}
