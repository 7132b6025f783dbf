import { fail, isCallable, isRecord, readOptions, show, type Fields } from "../base";
import type { Params } from "../tensor";
import { checkCustomLoss, withParams } from "./custom-loss";
import { lossKinds } from "./kinds";
import { isCustom, type EntryLoss, type Loss, type LossDescription, type LossKind } from "./loss";
import { meanSquaredError } from "./squared-error";

const kinds: Readonly<Record<string, LossKind>> = lossKinds;

/**
 * A loss of the library from its description: the same loss to the bit.
 *
 * @throws {@link LtrnnError} for a kind that the library does not have, or numbers out of range
 * @example lossFrom({ kind: "poisson", binWidth: 0.02 }).gain // 1
 */
export function lossFrom(description: LossDescription): EntryLoss {
  return lossOf("lossFrom", "description", description);
}

function lossOf(where: string, name: string, description: unknown): EntryLoss {
  const { kind, ...facts } = isRecord(description) ? description : ({ kind: undefined } as { kind: unknown });
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind))
    fail(where, {
      expected: `${name} to be a loss of the kind ${Object.keys(kinds).join(" or ")}`,
      got: isRecord(description) ? `kind ${show(kind)}` : show(description),
      fix:
        "Pass what meanSquaredError, poissonLoss or negativeBinomialLoss gives, or a " +
        'custom loss { kind: "custom", name, params, evaluate }.',
    });
  const { fields, make } = kinds[kind];
  return make(readOptions<object, object>(where, facts, fields as Fields, name) as never);
}

/** The same loss with what of it trains along elsewhere. */
export function lossAt(loss: Loss, params: Params): Loss {
  if (isCustom(loss)) return withParams(loss, params);
  return loss.learned ? loss.learned.at({ ...loss.learned.params, ...params }) : loss;
}

/** Whether another thread can make this loss again from its description. */
export const isShipped = (loss: Pick<EntryLoss, "description">): boolean => Object.hasOwn(kinds, loss.description.kind);

/**
 * A loss that was given as an option, checked: one of the library's, its name or its description, a custom one, or
 * none, the squared error.
 */
export function readLoss(where: string, name: string, given: unknown): Loss {
  if (given === undefined) return meanSquaredError;
  if (typeof given === "string") return lossOf(where, name, { kind: given });
  if (!isRecord(given)) return lossOf(where, name, given);
  if (given.kind === "custom" || given.evaluate !== undefined) return checkCustomLoss(where, name, given);
  const description = given.description ?? given;
  if (
    !isCallable(given.entry) ||
    (isRecord(description) && typeof description.kind === "string" && Object.hasOwn(kinds, description.kind))
  )
    return lossOf(where, name, description);
  return checkEntryLoss(where, name, given);
}

const text = { is: "text", needed: true } as const;
const entryFields = {
  kind: text,
  description: { is: "checked", check: checkDescription, needed: true },
  gain: { is: "number", above: 0 },
  targets: { is: "name", of: ["counts"] },
  binWidth: { is: "number", above: 0 },
  mean: { is: "function" },
  outputAt: { is: "function" },
  information: { is: "function" },
  entry: { is: "function", needed: true },
  compare: { is: "function" },
} as const;

/** A loss of entries that the caller wrote. */
function checkEntryLoss(where: string, name: string, given: object): EntryLoss {
  readOptions<object, typeof entryFields>(where, given, entryFields, name);
  return given as EntryLoss;
}

function checkDescription(where: string, name: string, value: unknown): void {
  if (!isRecord(value) || typeof value.kind !== "string")
    fail(where, {
      expected: `${name} to be a record { kind, … }`,
      got: show(value),
      fix: 'Say what the loss is as plain data, such as { kind: "huber", delta: 1 }.',
    });
}
