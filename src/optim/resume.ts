import { fail, isRecord, show } from "../base";
import type { Params } from "../tensor";
import { kindOf } from "./kind-of";
import {
  checkTransform,
  describeOptimizer,
  nameOf,
  partsOf,
  type GradientTransform,
  type OptimizerDescription,
} from "./transform";

/**
 * Whether memory of one optimizer serves the other: the same parts with the same numbers. Those that no memory depends
 * on, such as learning rates, may differ.
 */
export function sameOptimizer(p: OptimizerDescription, q: OptimizerDescription): boolean {
  const [ofP, ofQ] = [partsOf(p), partsOf(q)];
  if (ofP && ofQ) return ofP.length === ofQ.length && ofP.every((part, i) => sameOptimizer(part, ofQ[i]));
  const free = kindOf(p.kind)?.free ?? [];
  const same = (mine: unknown, other: unknown): boolean =>
    isDescription(mine) && isDescription(other) ? sameOptimizer(mine, other) : mine === other;
  return p.kind === q.kind && Object.entries(p).every(([key, value]) => free.includes(key) || same(value, q[key]));
}

const isDescription = (value: unknown): value is OptimizerDescription =>
  isRecord(value) && typeof value.kind === "string";

/** Refuse what is no optimizer, and transforms that never turn a gradient downhill: their updates would climb. */
export function checkOptimizer(where: string, name: string, optimizer: unknown): void {
  checkTransform(where, name, optimizer);
  if (!descends(describeOptimizer(optimizer)))
    fail(where, {
      expected: `${name} with a learning rate`,
      got: `${optimizer.name}, whose updates point uphill`,
      fix: `End it with scaleByRate: chain(${optimizer.name}, scaleByRate(0.01)).`,
    });
}

const descends = (description: OptimizerDescription): boolean =>
  partsOf(description)?.some(descends) ??
  (isDescription(description.of) ? descends(description.of) : undefined) ??
  (isDescription(description.first) && isDescription(description.next)
    ? descends(description.first) && descends(description.next)
    : undefined) ??
  (description.kind === "custom" || kindOf(description.kind)?.descends === true);

/** Refuse memory that is not of the form that the optimizer's own has for these parameters; a custom one is trusted. */
export function checkMemory(
  where: string,
  name: string,
  optimizer: GradientTransform,
  memory: unknown,
  params: Params,
): void {
  checkForm(where, name, describeOptimizer(optimizer), optimizer.init(params), memory, params);
}

function checkForm(
  where: string,
  name: string,
  of: OptimizerDescription,
  wanted: unknown,
  got: unknown,
  params: Params,
): void {
  if (of.kind === "custom") return;
  const parts = partsOf(of),
    kind = kindOf(of.kind);
  if (parts && Array.isArray(wanted) && Array.isArray(got) && got.length === wanted.length)
    for (const [i, part] of parts.entries()) checkForm(where, `${name}[${i}]`, part, wanted[i], got[i], params);
  else if (parts || !(kind?.fits ? kind.fits(got, params) : sameForm(wanted, got)))
    fail(where, {
      expected: `${name} to be that of ${nameOf(of)} for these parameters`,
      got: show(got),
      fix: "Pass the snapshot as train gave it.",
    });
}

/** The same keys, lengths and types; numbers must be whole, as counts of updates are. */
function sameForm(wanted: unknown, got: unknown): boolean {
  if (wanted instanceof Float64Array)
    return got instanceof Float64Array && got.length === wanted.length && got.every(Number.isFinite);
  if (Array.isArray(wanted))
    return Array.isArray(got) && got.length === wanted.length && wanted.every((x, i) => x === got[i]);
  if (isRecord(wanted))
    return (
      isRecord(got) &&
      Object.keys(wanted).length === Object.keys(got).length &&
      Object.entries(wanted).every(([key, value]) => Object.hasOwn(got, key) && sameForm(value, got[key]))
    );
  if (typeof wanted === "number") return Number.isInteger(got) && (got as number) >= 0;
  return wanted === got;
}
