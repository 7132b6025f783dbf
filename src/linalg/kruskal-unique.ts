import { fail, isRecord, provenance, type Provenance, readOptions, show } from "../base";
import { kRankFields, kRankFor, type KRankOptions } from "./k-rank";
import { checkFactors, checkSameShape, finiteVector, type Matrix, type Vector } from "../tensor";

/** Whether a CP decomposition is the only one of its rank, as far as Kruskal's condition says. */
export interface KruskalUniqueness {
  /** "unknown": the condition fails, and the decomposition may be unique all the same */
  readonly status: "unique" | "unknown";
  /** of every factor */
  readonly kRanks: readonly number[];
  /** the sum of k-ranks has to reach this */
  readonly needed: number;
  readonly because: string;
  readonly provenance: Provenance;
}

/**
 * Kruskal's condition: with R ≥ 2 components and n modes, a CP decomposition is unique up to scale and order if its
 * k-ranks sum to at least 2R + n - 1. One component that is not zero is unique in three modes or more.
 *
 * @param model - factors, and where components have weights of their own these: one of weight 0 is none
 * @throws {@link LtrnnError} when factors differ in rank, or weights are not one a component
 * @remarks Binomial in the rank, as {@link kRank}.
 * @see Kruskal (1977), Linear Algebra Appl. 18; Sidiropoulos & Bro (2000), J. Chemometrics 14, for more modes;
 * docs/theory.md D4
 * @example kruskalUnique({ factors: [tensor([2, 2], [1, 0, 0, 1]), tensor([2, 2], [1, 0, 0, 1]), tensor([2, 2], [1, 0,
 * 0, 1])] }).status // "unique"
 */
export function kruskalUnique(
  model: { readonly factors: readonly Matrix[] } | { readonly factors: readonly Matrix[]; readonly weights: Vector },
  options: KRankOptions = {},
): KruskalUniqueness {
  const where = "kruskalUnique";
  if (!isRecord(model))
    fail(where, { expected: "a record { factors }", got: show(model), fix: "Pass a CP decomposition." });
  const { factors, weights } = model as { readonly factors: readonly Matrix[]; readonly weights?: Vector },
    { tolerance } = readOptions(where, options, kRankFields);
  checkFactors(where, factors);
  const rank = factors[0].shape[1],
    modes = factors.length;
  if (weights !== undefined) {
    finiteVector(where, "weights", weights);
    checkSameShape(where, "weights", weights, [rank], "the components");
  }
  const zero = weights ? weights.data.indexOf(0) : -1,
    kRanks = factors.map((f, mode) => kRankFor(where, `factor ${mode}`, f, tolerance));
  const sum = kRanks.reduce((total, k) => total + k, 0),
    needed = rank === 1 ? modes : 2 * rank + modes - 1;
  const unique = modes >= 3 && sum >= needed && zero < 0;
  return {
    status: unique ? "unique" : "unknown",
    kRanks,
    needed,
    because:
      modes < 3
        ? "a matrix has many decompositions: three modes are needed"
        : zero >= 0
          ? `component ${zero} is zero, so fewer components suffice`
          : `the k-ranks ${kRanks.join(" + ")} = ${sum} ${unique ? "reach" : "stay below"} ${needed}`,
    provenance: provenance("kruskalUnique", null, { tolerance }),
  };
}
