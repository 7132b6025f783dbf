import { defined } from "../base";
import type { Grid, GridAxes } from "../select";
import { UsageError, numbersOf, recordOf, textOf, type Call } from "./command";
import type { CommandData } from "./read-data";

/** Baselines and rivals in the order of their complexity, and the ceiling, which has no score. */
const baselines = [
  "conditionMean",
  "smoothedConditionMean",
  "reducedRankKernel",
  "trialPca",
  "maskedCp",
  "sliceComponents",
  "linearDynamics",
  "nearPairCeiling",
] as const;

/** The grids that a command line asks for, simplest first. */
export function gridsOf(call: Call, data: CommandData): Grid[] {
  const model = textOf(call, "model") ?? "fit",
    { conditions, epochs } = data,
    labels = { ...(conditions ? { conditions } : {}), ...(epochs ? { epochs } : {}) },
    labeled = ["condition", "epoch"].find((name) => call.values[name] !== undefined);
  if (labeled !== undefined && model !== "fit")
    throw new UsageError(`--${labeled}: expected --model fit, which takes labels, got --model ${model}.`);
  const all = {
    hypothesis: textOf(call, "hypothesis")?.split(","),
    rank: numbersOf(call, "rank"),
    size: numbersOf(call, "size"),
    kernel: numbersOf(call, "kernel"),
    seed: numbersOf(call, "seeds"),
  };
  const axes = defined(all) as GridAxes,
    options = { ...labels, ...recordOf(call, "options") };
  return [...baselinesOf(call, model, data, options), { model, axes, options }];
}

/** Those that `--baselines` names, scored as the fit of these options is. */
export function baselinesOf(call: Call, model: string, { conditions }: CommandData, options: Grid["options"]): Grid[] {
  const text = textOf(call, "baselines");
  if (text === undefined) return [];
  if (model !== "fit")
    throw new UsageError(`--baselines: expected --model fit, which is scored as they are, got --model ${model}.`);
  const wanted = text === "" ? baselines : text.split(",");
  for (const name of wanted)
    if (!baselines.some((known) => known === name))
      throw new UsageError(`--baselines: expected names out of ${baselines.join(", ")}, got "${name}".`);
  const loss = (options?.training as { readonly loss?: unknown } | undefined)?.loss,
    // a fit of counts is scored by their deviance, and so are they
    counts = loss === "poisson" || (loss as { readonly kind?: unknown } | undefined)?.kind === "poisson";
  return baselines
    .filter((name) => wanted.includes(name))
    .map((name) => ({
      model: name,
      options: {
        ...(conditions ? { conditions } : {}),
        ...(counts && name !== "nearPairCeiling" ? { score: "poisson" } : {}),
      },
    }));
}
