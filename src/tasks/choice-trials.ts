import { fail, provenance, random, show, type Random } from "../base";
import { zerosFor } from "../tensor";
import type { Task } from "./task";

/** Options of all tasks whose trials end in a choice between -1 and 1. */
export interface ChoiceOptions {
  /** default 64 */
  readonly trials?: number;
  /** standard deviation of the noise that is added to each input of evidence at each step; default 0.1 */
  readonly noise?: number;
  /** steps at the start of the response that the mask leaves out; default 2 */
  readonly grace?: number;
  /** the step to run a network with, in the unit of its tau; default 0.1 */
  readonly dt?: number;
  /** default 0 */
  readonly seed?: number;
}

export const choiceFields = {
  trials: { is: "whole number", least: 1, most: 1e6, fallback: 64 },
  noise: { is: "number", least: 0, most: 1e6, fallback: 0.1 },
  grace: { is: "whole number", least: 0, fallback: 2 },
  dt: { is: "number", above: 0, fallback: 0.1 },
  seed: { is: "seed", fallback: 0 },
} as const;

/** A number of steps that a phase of a trial takes. */
export const phaseField = (fallback: number, least = 0) =>
  ({ is: "whole number", least, most: 1e5, fallback }) as const;

/** What is shown beside the cue, by name: evidence, which is noisy, and signs, which are not. */
export interface Shown {
  readonly evidence: readonly string[];
  readonly signs?: readonly string[];
}

/** A trial as it is drawn: its conditions, and what is shown in each phase beside the cue. */
export interface DrawnTrial<C extends string, P extends string> {
  readonly conditions: Readonly<Record<C, number>>;
  /** -1 or 1 */
  readonly choice: number;
  /** evidence, then signs, during a phase; all are 0 in a phase that is not named */
  readonly shown: Partial<Readonly<Record<P, readonly number[]>>>;
}

/**
 * Trials of consecutive phases, of which the last, `response`, wants the choice: the first input is a cue, 1 until then
 * and 0 in it, the others are evidence and signs; the target is 0 until then. The mask leaves out the first steps of
 * the response.
 */
export function choiceTrials<C extends string, P extends string>(
  where: string,
  read: Readonly<Required<ChoiceOptions>> & { readonly phases: unknown },
  { evidence, signs = [] }: Shown,
  draw: (stream: Random) => DrawnTrial<C, P>,
): Task<C> {
  const { trials, noise, grace, dt, seed, ...rest } = read,
    phases = Object.entries(read.phases as Readonly<Record<string, number>>),
    steps = phases.reduce((sum, [, length]) => sum + length, 0),
    [, response] = phases[phases.length - 1],
    channels = ["cue", ...evidence, ...signs];
  if (grace >= response)
    fail(where, {
      expected: `grace below ${response}, the steps of the response: beyond it the mask hides them all`,
      got: String(grace),
      fix: "Lower grace, or let the response last longer.",
    });
  const inputs = zerosFor(where, [trials, steps, channels.length]),
    targets = zerosFor(where, [trials, steps, 1]),
    mask = zerosFor(where, [trials, steps, 1]),
    stream = random(seed, `${where}: trials`),
    noises = random(seed, `${where}: noise`),
    drawn = Array.from({ length: trials }, () => draw(stream));
  mask.data.fill(1);
  let row = 0;
  for (const { choice, shown } of drawn)
    for (const [phase, length] of phases)
      for (let t = 0; t < length; t++, row++) {
        const inResponse = phase === "response",
          values = shown[phase as P] ?? [];
        inputs.data[row * channels.length] = inResponse ? 0 : 1;
        for (let i = 1; i < channels.length; i++)
          inputs.data[row * channels.length + i] =
            (values[i - 1] ?? 0) + (i <= evidence.length ? noise * noises.normal() : 0);
        if (!inResponse) continue;
        targets.data[row] = choice;
        if (t < grace) mask.data[row] = 0;
      }
  const names = Object.keys(drawn[0].conditions) as C[];
  return {
    kind: where,
    batch: { inputs, targets, ...(grace > 0 ? { mask } : {}) },
    conditions: Object.fromEntries(
      names.map((name) => [name, drawn.map(({ conditions }) => conditions[name])]),
    ) as unknown as Record<C, number[]>,
    channels: { inputs: channels, targets: ["choice"] },
    dt,
    scored: "choices",
    provenance: provenance(where, seed, { trials, noise, grace, dt, ...rest }),
  };
}

/** One of the entries of a list, each as likely. */
export const oneOf = <T>(stream: Random, list: readonly T[]): T => list[stream.int(0, list.length - 1)];

/** -1 or 1, each as likely. */
export const eitherSign = (stream: Random): number => (stream.uniform() < 0.5 ? -1 : 1);

/** Refuse what is no list of numbers, each in (0, most]. */
export const positiveList = (most: number, fallback: readonly number[]) =>
  ({ is: "checked", check: checkPositive(most), fallback }) as const;

const checkPositive = (most: number) => (where: string, name: string, value: unknown) => {
  const right = (x: unknown) => typeof x === "number" && x > 0 && x <= most;
  if (Array.isArray(value) && value.length > 0 && Array.from(value).every(right)) return;
  fail(where, {
    expected: `${name} to be an array of at least one number above 0 and at most ${most}`,
    got: Array.isArray(value) && value.length > 0 ? show(Array.from(value).find((x) => !right(x))) : show(value),
    fix: `Pass numbers in (0, ${most}].`,
  });
};
