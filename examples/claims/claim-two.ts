/** Claim 2, one row of its tables: networks of several seeds learn alike, and what their weights and errors say. */
import type { Curriculum } from "ltrnn";
import { adaptationOf, type Adaptation } from "./adaptation";
import { learnReach, type LearningSetting } from "./learned-reach";
import { rankProfile, type RankProfile } from "./rank-profile";

export interface LearnedRow {
  readonly seed: number;
  readonly profile: RankProfile;
  readonly adaptation: Adaptation;
}

/** @param every - thins the trials that are decomposed */
export async function learnSeeds(
  setting: Omit<LearningSetting, "seed">,
  seeds: readonly number[],
  { ranks, every }: { readonly ranks: number; readonly every: number },
): Promise<LearnedRow[]> {
  const rows: LearnedRow[] = [];
  for (const seed of seeds) {
    const { weights, errors } = await learnReach({ ...setting, seed });
    rows.push({
      seed,
      profile: rankProfile(weights, { ranks, every, seed }),
      adaptation: adaptationOf(errors, phasesOf(setting.sizes)),
    });
  }
  return rows;
}

/** The first trial with the perturbation, and the first without it again. */
function phasesOf({ starts }: Curriculum): readonly [number, number] {
  if (starts.length !== 3)
    throw new Error(`Expected a baseline, a perturbation and a washout, got ${starts.length} phases.`);
  return [starts[1], starts[2]];
}

/**
 * Whether errors show adaptation: an error jumps by at least 0.05, an exponential with a time constant within the
 * trials explains half of its course, and the after-effect has the opposite sign and at least a tenth of the jump.
 */
export const adapts = ({ jump, afterEffect, timeConstant, explained }: Adaptation, trials: number): boolean =>
  Math.abs(jump) >= 0.05 && timeConstant <= trials && explained >= 0.5 && afterEffect / jump <= -0.1;
