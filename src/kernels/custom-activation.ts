import { fail, isCallable, isRecord, readOptions, show, type FieldsOf } from "../base";
import { activations, activationOf, type Activation } from "./activations";

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

/** phi and phi' as functions of a state, whatever activation it is. */
export function activationCurve(phi: AnyActivation): Pick<CustomActivation, "value" | "derivative"> {
  if (isCustomActivation(phi)) return phi;
  const { value, pull } = activationOf(phi);
  return { value, derivative: (x) => pull(1, value(x)) };
}

/** An activation as plain data: functions by their name. */
export const describeActivation = (phi: AnyActivation): Activation | { readonly custom: string } =>
  isCustomActivation(phi) ? { custom: phi.name } : phi;

const callable = { is: "function", needed: true } as const;
const parts = {
  name: { is: "text", needed: true },
  value: callable,
  derivative: callable,
} as const satisfies FieldsOf<CustomActivation>;

/** Refuse what is no activation, and a custom one whose derivative is not that of its value. */
export function checkActivation(where: string, name: string, value: unknown): asserts value is AnyActivation {
  if (typeof value === "string" && (activations as readonly string[]).includes(value)) return;
  if (!isRecord(value) || isCallable(value))
    fail(where, {
      expected: `${name} to be ${activations.map((known) => `"${known}"`).join(" or ")}, or a custom { name, value, derivative }`,
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
  checkDerivative(where, name, phi);
}

/** Of a derivative, relative to the largest: differences are good to 1e-9 where phi is smooth. */
const tolerance = 1e-5;

/** Holds the derivative against central differences, at states that no kink is likely to sit at. */
function checkDerivative(where: string, name: string, phi: CustomActivation): void {
  const finite = (part: "value" | "derivative", x: number): number => {
    const y = phi[part](x);
    if (Number.isFinite(y)) return y;
    return fail(where, {
      expected: `a finite number from ${name}.${part} of ${phi.name}`,
      got: `${show(y)} at x = ${x}`,
      fix: "Let it give a number for every finite state.",
    });
  };
  const points = Array.from({ length: 41 }, (_, i) => {
    const x = 0.2137 * (i - 20) + 0.0071,
      [wide, narrow] = [1 / 8192, 1 / 16384].map((h) => (finite("value", x + h) - finite("value", x - h)) / (2 * h));
    return { x, got: finite("derivative", x), expected: (4 * narrow - wide) / 3, apart: Math.abs(narrow - wide) };
  });
  const scale = points.reduce((most, { got, expected }) => Math.max(most, Math.abs(got), Math.abs(expected)), 1e-6);
  const smooth = points.filter(({ apart }) => apart <= 1e-3 * scale); // a kink or a jump is near the others
  if (smooth.length === 0)
    fail(where, {
      expected: `${name}.value of ${phi.name} with differences that settle`,
      got: `${points[0].expected.toPrecision(6)} at x = ${points[0].x.toPrecision(4)}, and others for smaller differences`,
      fix: "Give a function of the state alone, with a derivative nearly everywhere.",
    });
  const wrong = smooth.find(({ got, expected }) => Math.abs(got - expected) > tolerance * scale);
  if (wrong)
    fail(where, {
      expected: `${name}.derivative of ${phi.name} to be ${wrong.expected.toPrecision(6)} at x = ${wrong.x.toPrecision(4)}, as differences of value`,
      got: wrong.got.toPrecision(6),
      fix: "Give phi'(x) as a function of the state x, not of the rate.",
    });
}
