import { euler } from "./euler";
import { heun } from "./heun";

/** Explicit integrators, by name: an integrator is one file, and one entry here. */
export const steppers = { euler, heun } as const;

/** Euler, or Heun's second-order step (predict, then average both slopes; inputs are held over the step). */
export type Integrator = keyof typeof steppers;

export const integrators: readonly Integrator[] = /* @__PURE__ */ Object.keys(steppers) as Integrator[];
