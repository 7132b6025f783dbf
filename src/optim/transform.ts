import { fail, isCallable, isRecord, show, type Divergence } from "../base";
import { checkTensor, mapParams, type Params } from "../tensor";

/** A loss at some parameters, with its gradients in those to be trained. */
export interface Evaluation {
  readonly loss: number;
  readonly gradients: Params;
  /** where numbers stopped being finite; then gradients mean nothing, and the loss of a network is Infinity */
  readonly divergence?: Divergence;
  /** plain data for the evaluation after the next update, such as an expected reward; absent: none */
  readonly memory?: unknown;
}

/** What a line search needs beyond the gradients: the loss at the parameters, and a way to evaluate it elsewhere. */
export interface UpdateContext {
  readonly loss: number;
  /**
   * the objective at other parameters, on the batch of this step. Where the updates lead to the point of the lowest
   * loss or of the last evaluation, to the bit, and the objective is `steady`, `train` takes that evaluation over
   */
  evaluate(params: Params): Evaluation | Promise<Evaluation>;
  /** how curved the loss is along every entry, where the objective tells; see `Objective` */
  curvature?(params: Params): Params | Promise<Params>;
}

/** Why an optimizer ends the run at the parameters it was given: no update follows. */
export interface Ending {
  readonly status: "converged" | "exhausted" | "diverged";
  readonly reason: string;
}

/** What is added to the parameters, and the memory for the next step; with an ending, nothing is added any more. */
export type Update<M> = readonly [updates: Params, memory: M, ending?: Ending];

/**
 * Whether updates stay in the span of the gradients seen so far, array by array (theory B1): only then do the rank
 * bounds of linear learning hold. Optimizers that scale entries one by one leave it (theory B5). `decays` names the
 * parameters to whose updates multiples of themselves are added.
 */
export type Span =
  | { readonly preserved: true; readonly decays?: "all" | readonly string[] }
  | { readonly preserved: false; readonly because: string };

/**
 * An optimizer as plain data: its kind, and the numbers that make it again by `optimizerFrom`. A chain has its parts as
 * `of`; what is custom has its `name` alone, and is made by whoever wrote it.
 */
export interface OptimizerDescription {
  readonly kind: string;
  readonly [number: string]: unknown;
}

/**
 * A gradient transform: gradients into updates. It has no state itself: memory is passed in and returned, as plain
 * data, so a run can stop and continue elsewhere.
 *
 * Files of transforms have a public function, `adam`, beside one for the library, `…Of(where, …)`: `where` is the
 * public function that the user called, in whose name wrong arguments are refused, and a `name` after it the option
 * they came in.
 *
 * @typeParam M - its memory; `null` for none
 */
export interface GradientTransform<M = unknown> {
  /** for people: messages and provenance */
  readonly name: string;
  readonly span: Span;
  /** absent: a custom transform, known by its name */
  readonly description?: OptimizerDescription;
  /**
   * true: its updates lead to a point that it has evaluated, so in a chain it stands alone: what came before would not
   * be of the loss, what came after would leave the point
   */
  readonly searches?: boolean;
  /** updates before it searches; absent: it does from the first on */
  readonly searchesAfter?: number;
  /** the memory before the first update of these parameters */
  init(params: Params): M;
  /** gradients into updates, which are added to the parameters; `context` is for line searches */
  update(gradients: Params, memory: M, params: Params, context?: UpdateContext): Update<M> | Promise<Update<M>>;
}

/** A {@link GradientTransform} of the library's, which may have to wait for evaluations. */
export interface DescribedSearch<M = unknown> extends GradientTransform<M> {
  readonly description: OptimizerDescription;
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

/** What a file of the library's says about its transform, for those who hold a description or a memory of it. */
export interface TransformKind {
  readonly kind: string;
  /** the transform of these numbers; `again` makes those it contains */
  make(where: string, numbers: never, again: (part: OptimizerDescription) => DescribedSearch): DescribedSearch;
  /** numbers that no memory depends on, so that a resumed run may have others */
  readonly free?: readonly string[];
  /** true: it turns gradients downhill, so that a chain with it descends */
  readonly descends?: boolean;
  /** whether memory is its own, for these parameters; absent: it has the form of the memory that `init` gives */
  fits?(memory: unknown, params: Params): boolean;
}

/** An optimizer as plain data. */
export const describeOptimizer = (optimizer: GradientTransform): OptimizerDescription =>
  optimizer.description ?? { kind: "custom", name: optimizer.name };

/** The parts of a chain, or undefined. */
export const partsOf = ({ kind, of }: OptimizerDescription): readonly OptimizerDescription[] | undefined =>
  kind === "chain" ? (of as readonly OptimizerDescription[]) : undefined;

/** Zeros in the shape of every parameter. */
export const zerosLike = (params: Params): Params => mapParams(params, (data) => new Float64Array(data.length));

/** A description in one line: `chain(clipByNorm(1), scaleByRate(0.1))`. */
export function nameOf(description: OptimizerDescription): string {
  const { kind, ...numbers } = description;
  if (kind === "custom") return String(numbers.name);
  const words = Object.entries(numbers).flatMap(([key, value]) => {
    if (typeof value === "boolean") return value ? [key] : [];
    if (Array.isArray(value)) return value.map((item) => (isRecord(item) ? nameOf(item as never) : String(item)));
    return [isRecord(value) ? nameOf(value as OptimizerDescription) : String(value)];
  });
  return `${kind}(${words.join(", ")})`;
}

const keys: readonly string[] = ["name", "span", "description", "searches", "searchesAfter", "init", "update"];

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
    (given.searches === undefined || typeof given.searches === "boolean") &&
    (given.searchesAfter === undefined || Number.isInteger(given.searchesAfter)) &&
    !(isRecord(given) && Object.keys(given).some((key) => !keys.includes(key)))
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
