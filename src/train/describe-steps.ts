import { checksum } from "../base";
import type { OptionsOfStep } from "./trainable";
import type { LossOptions } from "../run";

/** All of the first steps are looked at, then every so many, ever farther apart. */
const first = 256,
  growth = 1.02,
  most = 1e5;

/** More changes than this are told by their checksum alone. */
const changesAtMost = 64;

/**
 * Options of each step as plain data: by their description, or else by what the function gives at the first 256 steps
 * and at some after them. A function that gives none at a step, by throwing, ends there.
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
    return undefined; // train refuses them in its own words where it comes to that step
  }
}
