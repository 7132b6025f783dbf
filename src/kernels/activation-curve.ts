import { activationOf } from "./activations";
import { isCustomActivation, type AnyActivation, type CustomActivation } from "./custom-activation";

/** phi and phi' as functions of a state, whatever activation it is. */
export function activationCurve(phi: AnyActivation): Pick<CustomActivation, "value" | "derivative"> {
  if (isCustomActivation(phi)) return phi;
  const { value, pull } = activationOf(phi);
  return { value, derivative: (x) => pull(1, value(x)) };
}
