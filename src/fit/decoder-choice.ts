import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Head } from "../losses";
import { decoderNames, type DecoderFreedom, type DecoderName } from "../parts";

/** A decoder by name, and what it learns beside its matrix. */
export interface DecoderChoice extends Partial<DecoderFreedom> {
  readonly kind: DecoderName;
}

export type DecoderOption = DecoderName | DecoderChoice | Head;

const choiceFields = () =>
  ({
    kind: { is: "name", of: decoderNames, needed: true },
    gain: { is: "name", of: ["fixed", "shared", "learned"] },
    bias: { is: "name", of: ["fixed", "learned"] },
  }) as const satisfies FieldsOf<DecoderChoice>;

/** Refuse what is no decoder. */
export function checkDecoder(where: string, name: string, value: unknown): void {
  if (decoderNames.includes(value as DecoderName)) return;
  if (isRecord(value) && decoderNames.includes(value.kind as DecoderName)) {
    readOptions(where, value as unknown as DecoderChoice, choiceFields(), name);
    return;
  }
  const head = value as Partial<Head> | null;
  if (
    typeof value !== "object" ||
    head?.kind !== "head" ||
    !isRecord(head.params) ||
    typeof head.predict !== "function" ||
    typeof head.adjoint !== "function"
  )
    fail(where, {
      expected:
        `${name} to be ${decoderNames.map((kind) => `"${kind}"`).join(", ")}, or a ` +
        `head { kind: "head", name, params, predict, adjoint }`,
      got: show(value),
      fix:
        "Name one, say what it learns by { kind: " +
        '"identity", gain: "learned", ' +
        'bias: "learned" }, or make a head with tfjsHead.',
    });
}

/** The head among the options. */
export const headOf = (decoder: DecoderOption): Head | undefined =>
  typeof decoder === "object" && decoder.kind === "head" ? decoder : undefined;

/** The decoder by its name; undefined of a head. */
export function choiceOf(decoder: DecoderOption): DecoderChoice | undefined {
  if (typeof decoder === "string") return { kind: decoder };
  return decoder.kind === "head" ? undefined : decoder;
}
