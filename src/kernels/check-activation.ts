import { fail, show } from "../base";
import {
  checkActivationForm,
  isCustomActivation,
  type AnyActivation,
  type CustomActivation,
} from "./custom-activation";

/** Refuse what is no activation, and a custom one whose derivative is not that of its value. */
export function checkActivation(where: string, name: string, value: unknown): asserts value is AnyActivation {
  checkActivationForm(where, name, value);
  if (isCustomActivation(value)) checkDerivative(where, name, value);
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
      got:
        `${points[0].expected.toPrecision(6)} at x = ${points[0].x.toPrecision(4)}, and others for ` +
        "smaller differences",
      fix: "Give a function of the state alone, with a derivative nearly everywhere.",
    });
  const wrong = smooth.find(({ got, expected }) => Math.abs(got - expected) > tolerance * scale);
  if (wrong)
    fail(where, {
      expected:
        `${name}.derivative of ${phi.name} to be ${wrong.expected.toPrecision(6)} at x = ` +
        `${wrong.x.toPrecision(4)}, as differences of value`,
      got: wrong.got.toPrecision(6),
      fix: "Give phi'(x) as a function of the state x, not of the rate.",
    });
}
