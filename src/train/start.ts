import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import {
  describeOptimizer,
  nameOf,
  optimizerOf,
  sameOptimizer,
  adam,
  checkMemory,
  type GradientTransform,
  type OptimizerDescription,
} from "../optim";
import { checkFinite, checkTensor, type Params } from "../tensor";
import { checkBest, type Best } from "./best";
import type { ObjectiveDescription } from "./objective";
import type { LearningCurve, Snapshot } from "./snapshot";

/** Where a run begins: at new parameters, or where an earlier run ended. */
export interface Start<P extends Params> {
  readonly params: P;
  readonly step: number;
  readonly memory: unknown;
  readonly optimizer: GradientTransform;
  readonly resumed: boolean;
  /** the memory that the evaluation at params is given */
  readonly remembered?: unknown;
  /** the best parameters of the earlier run */
  readonly best?: Best<P>;
  /** the history of the earlier run, if that had ended */
  readonly curve?: LearningCurve;
}

/** The start of a run, checked. A snapshot comes with its optimizer: another one, or another objective, is refused. */
export function startOf<P extends Params>(
  start: P | Snapshot<P>,
  named: GradientTransform | undefined,
  objective: ObjectiveDescription | undefined,
): Start<P> {
  if (!isSnapshot(start)) {
    checkParams("start", start);
    const optimizer = named ?? adam(1e-3);
    return { params: start, step: 0, memory: optimizer.init(start), optimizer, resumed: false };
  }
  const { params, step, memory, ...earlier } = readOptions("train", start, snapshotTable, "start");
  const optimizer = optimizerFor(earlier.optimizer, named);
  checkMemory("train", "start.memory", optimizer, memory, params);
  checkObjective(earlier.objective ?? null, withoutTrained(objective, params));
  const best = earlier.best ? { best: earlier.best as Best<P> } : {},
    curve = earlier.curve ? { curve: earlier.curve } : {};
  return { params, step, memory, optimizer, resumed: true, remembered: earlier.remembered, ...best, ...curve };
}

/** The description of an objective, without its checksums of parameters that train. */
export function withoutTrained(
  objective: ObjectiveDescription | undefined,
  trained: Params,
): ObjectiveDescription | null {
  if (!objective?.params) return objective ?? null;
  const held = Object.entries(objective.params).filter(([name]) => !Object.hasOwn(trained, name) || !trained[name]);
  return { ...objective, params: Object.fromEntries(held) };
}

/** Whether any key is one of a snapshot: then all that resuming needs must be present. Parameters have other names. */
const isSnapshot = <P extends Params>(start: P | Snapshot<P>): start is Snapshot<P> =>
  isRecord(start) && Object.keys(start).some((key) => Object.hasOwn(snapshotTable, key));

function checkParams(name: string, params: unknown): void {
  if (!isRecord(params) || !Object.values(params).some((p) => p !== undefined))
    fail("train", {
      expected: `${name} to be a record of parameters, or a snapshot of an earlier run`,
      got: show(params),
      fix: "Pass the tensors that train by their names, such as { w: model.params.w }.",
    });
  for (const [key, p] of Object.entries(params)) {
    if (p === undefined) continue;
    checkTensor("train", `${name}.${key}`, p as never);
    checkFinite("train", `${name}.${key}`, p as never);
  }
}

const anything = () => {};
const snapshotTable = {
  step: { is: "whole number", least: 0, needed: true },
  params: { is: "checked", check: (_, name, value) => checkParams(name, value), needed: true },
  memory: { is: "checked", check: anything },
  optimizer: { is: "checked", check: checkDescription, needed: true },
  objective: { is: "checked", check: checkDescription },
  loss: { is: "checked", check: anything },
  gradientNorm: { is: "checked", check: anything },
  evaluation: { is: "checked", check: anything },
  status: { is: "name", of: ["running", "converged", "exhausted", "diverged", "degenerate", "aborted"] },
  remembered: { is: "checked", check: anything },
  best: { is: "checked", check: checkBest },
  curve: {
    is: "record",
    of: {
      steps: { is: "list", of: { is: "whole number", least: 0 }, needed: true },
      losses: { is: "list", of: { is: "number" }, needed: true },
    },
  },
  reason: { is: "text" },
  divergence: { is: "checked", check: anything },
  provenance: { is: "checked", check: anything },
} as const satisfies FieldsOf<Snapshot>;

function checkDescription(where: string, name: string, value: unknown): void {
  if (name === "start.objective" && value === null) return;
  if (!isRecord(value) || typeof value.kind !== "string")
    fail(where, {
      expected: `${name} to be a description { kind, … }`,
      got: show(value),
      fix: "Pass the snapshot as train gave it.",
    });
}

/** The given optimizer, if it can use the snapshot's memory; the snapshot's own where none was given. */
function optimizerFor(earlier: OptimizerDescription, named: GradientTransform | undefined): GradientTransform {
  if (!named) return optimizerOf("train", earlier);
  if (sameOptimizer(earlier, describeOptimizer(named))) return named;
  return fail("train", {
    expected: `the optimizer that made the snapshot, ${nameOf(earlier)}, at this learning rate or another`,
    got: named.name,
    fix: "Leave optimizer out to continue with the snapshot's own, or start again from snapshot.params.",
  });
}

function checkObjective(earlier: ObjectiveDescription | null, now: ObjectiveDescription | null): void {
  const place = differenceOf(earlier, now, "objective");
  if (!place) return;
  fail("train", {
    expected: `the objective that made the snapshot, with ${place.path} ${place.earlier}`,
    got: place.now,
    fix: "Pass the objective of the earlier run, or start again from snapshot.params.",
  });
}

/** The first place at which two plain records differ. */
function differenceOf(
  earlier: unknown,
  now: unknown,
  path: string,
): { readonly path: string; readonly earlier: string; readonly now: string } | undefined {
  if (Object.is(earlier, now)) return undefined;
  const [p, q] = [entriesOf(earlier), entriesOf(now)];
  if (!p || !q) return { path, earlier: inWords(earlier), now: inWords(now) };
  for (const key of new Set([...p.keys(), ...q.keys()])) {
    const difference = differenceOf(p.get(key), q.get(key), `${path}.${key}`);
    if (difference) return difference;
  }
  return undefined;
}

const entriesOf = (value: unknown): Map<string, unknown> | undefined =>
  isRecord(value) || Array.isArray(value) ? new Map(Object.entries(value)) : undefined;

const inWords = (value: unknown): string => (value === null || value === undefined ? "absent" : show(value));
