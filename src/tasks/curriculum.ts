import { checkWhole, fail, readOptions, show, type FieldsOf } from "../base";

/** A phase of learning with a perturbation of constant or growing size. */
export interface CurriculumPhase {
  /** such as "field" or "washout" */
  readonly name: string;
  /** updates, or trials where each makes one; at least 1 */
  readonly steps: number;
  /** of the perturbation at the last of its steps: a curl, an angle, or 1 for a rule that is reversed */
  readonly size: number;
  /** its size before the first step: it grows by the same amount at each step. Absent: constant size */
  readonly from?: number;
}

/**
 * The size of a perturbation as a function of the step, for batches or options that depend on the step; after the last
 * phase it stays the same.
 */
export interface Curriculum {
  (step: number): number;
  /** the phases, as plain data: `curriculum(description.phases)` makes it again */
  readonly description: { readonly kind: "curriculum"; readonly phases: readonly CurriculumPhase[] };
  /** of all phases together */
  readonly steps: number;
  /** where each phase starts, in the order of the phases */
  readonly starts: readonly number[];
}

const phaseTable = {
  name: { is: "text", needed: true },
  steps: { is: "whole number", least: 1, most: 1e9, needed: true },
  size: { is: "number", needed: true },
  from: { is: "number" },
} as const satisfies FieldsOf<CurriculumPhase>;

/**
 * A curriculum of any phases; {@link abrupt}, {@link gradual} and {@link alternating} are the usual ones.
 *
 * @throws {@link LtrnnError} without phases, and for invalid phases
 * @example [0, 1, 2, 3].map(curriculum([{ name: "baseline", steps: 1, size: 0 }, { name: "field", steps: 2, from: 0,
 * size: 1 }])) // [0, 0.5, 1, 1]
 */
export const curriculum = (phases: readonly CurriculumPhase[]): Curriculum => curriculumOf("curriculum", phases);

function curriculumOf(where: string, given: readonly CurriculumPhase[]): Curriculum {
  if (!Array.isArray(given) || given.length === 0)
    fail(where, {
      expected: "phases to be an array of at least one { name, steps, size }",
      got: show(given),
      fix: 'Pass such as [{ name: "baseline", steps: 50, size: 0 }, { name: "field", steps: 100, size: 1 }].',
    });
  const phases = Array.from(given, (phase, i): CurriculumPhase => {
      const { from, ...rest } = readOptions<CurriculumPhase, typeof phaseTable>(
        where,
        phase ?? null,
        phaseTable,
        `phases[${i}]`,
      );
      return from === undefined ? rest : { ...rest, from };
    }),
    starts: number[] = [];
  let steps = 0;
  for (const phase of phases) {
    starts.push(steps);
    steps += phase.steps;
  }
  const sizeAt = (step: number): number => {
    checkWhole(where, "step", step, 0);
    let i = phases.length - 1;
    while (starts[i] > step) i--;
    const { from, size, steps: length } = phases[i],
      made = Math.min(length, step - starts[i] + 1);
    return from === undefined || made === length ? size : from + ((size - from) * made) / length;
  };
  return Object.assign(sizeAt, { description: { kind: "curriculum", phases } as const, steps, starts });
}

/** How long the phases of {@link abrupt} are. */
export interface AbruptOptions {
  /** of the perturbation; default 1 */
  readonly size?: number;
  /** steps without it; default 50 */
  readonly baseline?: number;
  /** steps with it; default 100 */
  readonly perturbed?: number;
  /** steps without it again, at the end; 0 for none, default 100 */
  readonly washout?: number;
}

/** How long the phases of {@link gradual} are. */
export interface GradualOptions extends AbruptOptions {
  /** steps over which the perturbation grows to its size, before those that it keeps it for; default 100 */
  readonly ramp?: number;
}

/** How long the phases of {@link alternating} are. */
export interface AlternatingOptions extends AbruptOptions {
  /** the size of every second block; default that of the first, turned around */
  readonly other?: number;
  /** how many blocks, of `perturbed` steps each; default 4 */
  readonly blocks?: number;
}

const length = (fallback: number) => ({ is: "whole number", least: 0, most: 1e6, fallback }) as const;
const abruptTable = () =>
  ({
    size: { is: "number", fallback: 1 },
    baseline: length(50),
    perturbed: { ...length(100), least: 1 },
    washout: length(100),
  }) as const satisfies FieldsOf<AbruptOptions>;

/** Phases with a length. */
const taking = (phases: readonly CurriculumPhase[]) => phases.filter(({ steps }) => steps > 0);

/**
 * No perturbation, then the whole perturbation at once, then none again.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @example [49, 50, 149, 150].map(abrupt({ size: 2 })) // [0, 2, 2, 0]
 */
export function abrupt(options?: AbruptOptions): Curriculum {
  const { size, baseline, perturbed, washout } = readOptions("abrupt", options, abruptTable());
  return curriculumOf(
    "abrupt",
    taking([
      { name: "baseline", steps: baseline, size: 0 },
      { name: "perturbed", steps: perturbed, size },
      { name: "washout", steps: washout, size: 0 },
    ]),
  );
}

/**
 * The perturbation grows step by step, stays constant for a while, and ends at once.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @example [49, 50, 149, 150, 250].map(gradual({ size: 2 })) // [0, 0.02, 2, 2, 0]
 */
export function gradual(options?: GradualOptions): Curriculum {
  const table = { ...abruptTable(), ramp: { ...length(100), least: 1 } } as const satisfies FieldsOf<GradualOptions>,
    { size, baseline, ramp, perturbed, washout } = readOptions<GradualOptions, typeof table>("gradual", options, table);
  return curriculumOf(
    "gradual",
    taking([
      { name: "baseline", steps: baseline, size: 0 },
      { name: "ramp", steps: ramp, from: 0, size },
      { name: "perturbed", steps: perturbed, size },
      { name: "washout", steps: washout, size: 0 },
    ]),
  );
}

/**
 * Blocks of two perturbations in turn, between a baseline and a washout.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @example [0, 50, 150, 250, 350, 450].map(alternating({ size: 2 })) // [0, 2, -2, 2, -2, 0]
 */
export function alternating(options?: AlternatingOptions): Curriculum {
  const table = {
      ...abruptTable(),
      other: { is: "number" },
      blocks: { is: "whole number", least: 1, most: 1e4, fallback: 4 },
    } as const satisfies FieldsOf<AlternatingOptions>,
    read = readOptions<AlternatingOptions, typeof table>("alternating", options, table),
    { size, other = -size, baseline, perturbed, washout, blocks } = read;
  return curriculumOf(
    "alternating",
    taking([
      { name: "baseline", steps: baseline, size: 0 },
      ...Array.from({ length: blocks }, (_, i) =>
        i % 2 === 0 ? { name: "perturbed", steps: perturbed, size } : { name: "other", steps: perturbed, size: other },
      ),
      { name: "washout", steps: washout, size: 0 },
    ]),
  );
}
