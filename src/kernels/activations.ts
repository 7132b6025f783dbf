import type { ActivationFunction } from "./activation-function";
import { identity } from "./identity";
import { relu } from "./relu";
import { softplus } from "./softplus";
import { tanh } from "./tanh";

/**
 * The activations by name: a new one is one file, and one entry at the end. The first four have twins in
 * assembly/steps.ts, which knows them by their numbers; the others run entry by entry in TypeScript, between the
 * products of the SIMD kernels.
 */
const table = { tanh, relu, softplus, identity } as const satisfies Readonly<Record<string, ActivationFunction>>;

/** How many of them the SIMD kernels compute. */
export const compiledActivations = 4;

/** phi, by name, so that a model stays plain data. */
export type Activation = keyof typeof table;

/** In the order in which kernels number them. */
export const activations: readonly Activation[] = /* @__PURE__ */ Object.keys(table) as Activation[];

/** An activation by its name. */
export const activationOf = (name: Activation): ActivationFunction => table[name];
