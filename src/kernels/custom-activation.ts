import { fail, isCallable, isRecord, readOptions, show, type FieldsOf } from "../base";
import { activations, type Activation } from "./activation-names";

/**
 * A custom activation: phi and its derivative, each a function of one state. It runs entry by entry in TypeScript,
 * between products that run in SIMD.
 */
export interface CustomActivation {
  /** none of the library's: models, JSON and messages know it by this name */
  readonly name: string;
  /** phi(x), a finite number for every finite x */
  readonly value: (x: number) => number;
  /** phi'(x) */
  readonly derivative: (x: number) => number;
}

/** phi of a network. */
export type AnyActivation = Activation | CustomActivation;

export const isCustomActivation = (phi: AnyActivation): phi is CustomActivation => typeof phi !== "string";

/** An activation as plain data: functions by their name. */
export const describeActivation = (phi: AnyActivation): Activation | { readonly custom: string } =>
  isCustomActivation(phi) ? { custom: phi.name } : phi;

const callable = { is: "function", needed: true } as const;
const parts = {
  name: { is: "text", needed: true },
  value: callable,
  derivative: callable,
} as const satisfies FieldsOf<CustomActivation>;

/** Refuse what is no activation by its form; its functions are not called. */
export function checkActivationForm(where: string, name: string, value: unknown): asserts value is AnyActivation {
  if (typeof value === "string" && (activations as readonly string[]).includes(value)) return;
  if (!isRecord(value) || isCallable(value))
    fail(where, {
      expected:
        `${name} to be ${activations.map((known) => `"${known}"`).join(" or ")}` +
        ", or a custom { name, value, derivative }",
      got: show(value),
      fix: `Pass one of these names as ${name}, or functions of a state.`,
    });
  const phi = readOptions<CustomActivation, typeof parts>(where, value as unknown as CustomActivation, parts, name);
  if (phi.name === "" || (activations as readonly string[]).includes(phi.name))
    fail(where, {
      expected: `${name}.name to be none of ${activations.join(", ")}, and not empty`,
      got: show(phi.name),
      fix: "Give the custom activation a name of its own.",
    });
}
