import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { mapParams, type Params } from "../tensor";
import { checkGradients, nameOf, type DescribedTransform, type TransformKind } from "./transform";

/** Which parameters {@link decayWeights} acts on. */
export interface DecayOptions {
  /** names of the parameters that decay; default all that have gradients */
  readonly only?: readonly string[];
}

/** The numbers of {@link decayWeights} together. */
export interface Decay extends DecayOptions {
  readonly decay: number;
}

const table = {
  decay: { is: "number", least: 0, needed: true },
  only: { is: "list", of: { is: "text" } },
} as const satisfies FieldsOf<Decay>;

/**
 * Add a multiple of the parameters to their gradients, `g + decay p`. After a part that rescales gradients it is
 * decoupled weight decay, `chain(scaleByAdam(), decayWeights(0.01), scaleByRate(1e-3))`; before such a part, it is the
 * gradient of a squared norm, `decay |p|² / 2`.
 *
 * Updates stay in the span of gradients and of the parameters themselves: bounds are then on W(s) - g(s) W(0), where
 * g(s) is the share of the initial weights that decay leaves (docs/theory.md B1).
 *
 * @throws {@link LtrnnError} for a decay below 0, unknown names, and at an update of parameters without one named
 * @see Loshchilov & Hutter (2019), Decoupled weight decay regularization, ICLR
 * @example decayWeights(0.5).update({ x: tensor([1], [3]) }, null, { x: tensor([1], [4]) })[0].x.data // [5]
 */
export const decayWeights = (decay: number, options?: DecayOptions): DescribedTransform<null> =>
  decayWeightsOf("decayWeights", { ...readOptions("decayWeights", options, { only: table.only }), decay });

export function decayWeightsOf(where: string, given: Decay): DescribedTransform<null> {
  const { decay, only } = readOptions<Decay, typeof table>(where, given, table);
  const description = { kind: "decayWeights", decay, ...(only ? { only: [...only] } : {}) };
  return {
    name: nameOf(description),
    description,
    span: { preserved: true, decays: only ?? "all" },
    init: () => null,
    update(gradients, _, params) {
      checkGradients("decayWeights", gradients);
      const unknown = only?.find((name) => !(isRecord(params) && Object.hasOwn(params, name)));
      if (unknown !== undefined || !isRecord(params))
        fail("decayWeights", {
          expected: `the parameters that train${unknown === undefined ? "" : `, ${unknown} among them`}`,
          got: isRecord(params) ? Object.keys(params).join(", ") || "none" : show(params),
          fix: "Name parameters that train as `only`.",
        });
      return [
        mapParams(gradients, (g, name) => (only?.includes(name) === false ? g : decayed(g, decay, params, name))),
        null,
      ];
    },
  };
}

export const decayWeightsKind: TransformKind = {
  kind: "decayWeights",
  make: decayWeightsOf,
  free: ["decay", "only"],
};

function decayed(g: Float64Array, decay: number, params: Params, name: string): Float64Array {
  const p = Object.hasOwn(params, name) ? params[name]?.data : undefined;
  if (!(p instanceof Float64Array && p.length === g.length))
    fail("decayWeights", {
      expected: `the parameter ${name}, of ${g.length} entries as its gradient`,
      got: show(p),
      fix: "Pass the parameters that the gradients belong to.",
    });
  const out = new Float64Array(g.length);
  for (let i = 0; i < g.length; i++) out[i] = g[i] + decay * p[i];
  return out;
}
