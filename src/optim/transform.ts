import { fail, isCallable, isRecord, show, type Divergence } from "../base";
import { checkTensor, mapParams, type Params } from "../tensor";
import type { ScheduleDescription } from "./schedule";

/** A loss at some parameters, with its gradients in those to be trained. */
export interface Evaluation {
  readonly loss: number;
  readonly gradients: Params;
  /** where numbers stopped being finite; then loss and gradients mean nothing */
  readonly divergence?: Divergence;
}

/** What a line search needs beyond the gradients: the loss at the parameters, and a way to evaluate it elsewhere. */
export interface UpdateContext {
  readonly loss: number;
  /** the objective at other parameters, on the batch of this step */
  evaluate(params: Params): Evaluation | Promise<Evaluation>;
}

/** What is added to the parameters, and the memory for the next step. */
export type Update<M> = readonly [updates: Params, memory: M];

/**
 * Whether updates stay in the span of the gradients seen so far, array by array (theory B1): only then do the rank
 * bounds of linear learning hold. Optimizers that scale entries one by one leave it (theory B5).
 */
export type Span = { readonly preserved: true } | { readonly preserved: false; readonly because: string };

/** An optimizer as plain data: `optimizerFrom` makes it again, unless a part of it is custom. */
export type OptimizerDescription =
  | { readonly kind: "chain"; readonly of: readonly OptimizerDescription[] }
  | { readonly kind: "scaleByRate"; readonly rate: number | ScheduleDescription }
  | { readonly kind: "clipByNorm"; readonly most: number }
  | { readonly kind: "accumulate"; readonly beta: number; readonly nesterov: boolean }
  | { readonly kind: "scaleByAdam"; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly kind: "custom"; readonly name: string };

/**
 * A gradient transform: gradients into updates. It remembers nothing itself: memory goes in and comes out, as plain
 * data, so a run can stop and go on elsewhere.
 *
 * @typeParam M - its memory; `null` for none
 */
export interface GradientTransform<M = unknown> {
  /** for people: messages and provenance */
  readonly name: string;
  readonly span: Span;
  /** absent: a custom transform, known by its name */
  readonly description?: OptimizerDescription;
  /** the memory before the first update of these parameters */
  init(params: Params): M;
  /** gradients into updates, which are added to the parameters; `context` is for line searches */
  update(gradients: Params, memory: M, params: Params, context?: UpdateContext): Update<M> | Promise<Update<M>>;
}

/** A {@link GradientTransform} whose updates need no waiting. */
export interface SyncTransform<M = unknown> extends GradientTransform<M> {
  update(gradients: Params, memory: M, params: Params, context?: UpdateContext): Update<M>;
}

/** A {@link SyncTransform} of the library's: it has a description. */
export interface DescribedTransform<M = unknown> extends SyncTransform<M> {
  readonly description: OptimizerDescription;
}

export const preserved: Span = { preserved: true };

/** Zeros in the shape of every parameter. */
export const zerosLike = (params: Params): Params => mapParams(params, (data) => new Float64Array(data.length));

/** A description in one line: `chain(clipByNorm(1), scaleByRate(0.1))`. */
export function nameOf(description: OptimizerDescription): string {
  if (description.kind === "custom") return description.name;
  if (description.kind === "chain") return `chain(${description.of.map(nameOf).join(", ")})`;
  const { kind, ...numbers } = description;
  const words = Object.entries(numbers).flatMap(([key, value]) => {
    if (typeof value === "boolean") return value ? [key] : [];
    return [typeof value === "number" ? String(value) : nameOfSchedule(value as ScheduleDescription)];
  });
  return `${kind}(${words.join(", ")})`;
}

const nameOfSchedule = (schedule: ScheduleDescription) =>
  schedule.kind === "custom" ? schedule.name : `${schedule.kind}(${schedule.peak})`;

const parts: readonly string[] = ["name", "span", "description", "init", "update"];

/** Refuse what has no `init`, `update`, `name` and `span`. */
export function checkTransform(where: string, name: string, value: unknown): asserts value is GradientTransform {
  const given = value as Partial<GradientTransform> | null | undefined;
  if (
    typeof given === "object" &&
    given !== null &&
    isCallable(given.init) &&
    isCallable(given.update) &&
    typeof given.name === "string" &&
    typeof given.span?.preserved === "boolean" &&
    (given.description === undefined || typeof given.description?.kind === "string") &&
    !(isRecord(given) && Object.keys(given).some((key) => !parts.includes(key)))
  )
    return;
  fail(where, {
    expected: `${name} to be a gradient transform { name, span, init, update }`,
    got: show(value),
    fix: "Pass what sgd, momentum, adam or chain gives, or a record with these four and no others.",
  });
}

/** Refuse gradients that are no record of tensors. */
export function checkGradients(where: string, gradients: Params): void {
  if (!isRecord(gradients))
    fail(where, {
      expected: "gradients to be a record of tensors",
      got: show(gradients),
      fix: "Pass { name: tensor }.",
    });
  for (const [name, g] of Object.entries(gradients)) if (g !== undefined) checkTensor(where, `the gradient ${name}`, g);
}

/** What a memory holds for a parameter; refused where it is not as long as the gradient. */
export function remembered(where: string, memory: Params, name: string, length: number): Float64Array {
  const entries = isRecord(memory) && Object.hasOwn(memory, name) ? memory[name]?.data : undefined;
  if (entries instanceof Float64Array && entries.length === length) return entries;
  return fail(where, {
    expected: `memory of ${length} entries for ${name}`,
    got: show(entries),
    fix: "Pass the memory that init or the update before gave, for the same parameters.",
  });
}

/** Refuse memory that does not count its updates. */
export function checkStep(where: string, memory: { readonly step: number }): void {
  if (!isRecord(memory) || !Number.isInteger(memory.step) || memory.step < 0)
    fail(where, {
      expected: "memory { step, … } with the updates made so far",
      got: show(memory),
      fix: "Pass the memory that init or the update before gave.",
    });
}
