import type { ActivationFunction } from "./activation-function";
import type { Activation } from "./activation-names";
import { identity } from "./identity";
import { relu } from "./relu";
import { softplus } from "./softplus";
import { tanh } from "./tanh";

/**
 * The functions of the activations: a new one is one file, one name in `activation-names.ts`, and one entry here. The
 * first four have twins in assembly/steps.ts, which knows them by their numbers; the others run entry by entry in
 * TypeScript, between the products of the SIMD kernels.
 */
const table = { tanh, relu, softplus, identity } as const satisfies Readonly<Record<Activation, ActivationFunction>>;

/** How many of them the SIMD kernels compute. */
export const compiledActivations = 4;

/** An activation by its name. */
export const activationOf = (name: Activation): ActivationFunction => table[name];
