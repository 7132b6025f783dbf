import { fail, isRecord, phrase, random, show, type Random } from "../base";
import { haarTimes } from "../linalg";
import type { Matrix } from "../tensor";
import { emptyMatrix, normalMatrix } from "./normal-matrix";
import { sumOfOuter } from "./sum-of-outer";

/**
 * How recurrent weights start, g being the `gain`:
 *
 * - "random": independent normal entries, of standard deviation g / sqrt(units) in W; for low rank, factors so that
 *   each m_r n_r' has Frobenius norm about g
 * - "orthogonal": g Q with Q uniform over the orthogonal matrices; for low rank, factors with orthonormal columns times
 *   sqrt(g)
 * - "identity": g I; for low rank, g on a random subspace of so many dimensions, `g Q Q'`
 * - "zero": W = 0; for low rank, row factors of 0 beside column factors of about unit length, so that learning can
 *   begin
 */
export type Initialization = "random" | "orthogonal" | "identity" | "zero";

const names: readonly string[] = ["random", "orthogonal", "identity", "zero"];

/** Initializations of a W of full rank: also `{ lowRank }`, the W that `LowRankRNN.random` makes of that rank. */
export type FullRankInitialization = Initialization | { readonly lowRank: number };

const refuse = (where: string, name: string, expected: string, value: unknown): never =>
  fail(where, {
    expected: `${name} to be ${expected}`,
    got: show(value),
    fix: `Pass ${expected} as ${name}.`,
  });

/** For tables of options. */
export const initializationField = { is: "name", of: names, fallback: "random" } as const;
export const fullRankField = {
  is: "checked",
  fallback: "random",
  check(where: string, name: string, value: unknown) {
    if (names.includes(value as string)) return;
    const rank = isRecord(value) && Object.keys(value).join() === "lowRank" ? value.lowRank : undefined;
    if (!Number.isInteger(rank) || (rank as number) < 1)
      refuse(where, name, `${phrase(initializationField)} or { lowRank: a rank }`, value);
  },
} as const;

interface Drawn {
  readonly units: number;
  readonly rank: number;
  readonly gain: number;
  readonly initialization: Initialization;
}

/** W (units × units). */
export function drawWeights(
  seed: number,
  { units, gain, initialization }: Pick<Drawn, "units" | "gain"> & { readonly initialization: FullRankInitialization },
): Matrix {
  switch (initialization) {
    case "random":
      return normalMatrix(random(seed, "w"), units, units, gain / Math.sqrt(units));
    case "orthogonal":
      return haarTimes(columnsOfIdentity(units, units, gain), random(seed, "w"));
    case "identity":
      return columnsOfIdentity(units, units, gain);
    case "zero":
      return emptyMatrix(units, units);
    default: {
      const { lowRank: rank } = initialization,
        { left, right } = drawFactors(seed, ["m", "n"], { units, rank, gain, initialization: "random" });
      return sumOfOuter(left, right);
    }
  }
}

/** The two factors (units × rank) of weights of low rank, from streams of these names. */
export function drawFactors(
  seed: number,
  [ofLeft, ofRight]: readonly [left: string, right: string],
  { units, rank, gain, initialization }: Drawn,
): { readonly left: Matrix; readonly right: Matrix } {
  const std = Math.sqrt(Math.abs(gain) / units),
    root = Math.sqrt(Math.abs(gain)),
    left = random(seed, ofLeft),
    right = random(seed, ofRight);
  if (rank > units && (initialization === "orthogonal" || initialization === "identity"))
    fail("random", {
      expected: `a rank of at most ${units}, the units, for factors with orthonormal columns`,
      got: String(rank),
      fix: 'Lower the rank, or take the initialization "random".',
    });
  const frame = (stream: Random, size: number) => haarTimes(columnsOfIdentity(units, rank, size), stream);
  switch (initialization) {
    case "random":
      return { left: normalMatrix(left, units, rank, std), right: normalMatrix(right, units, rank, std) };
    case "orthogonal":
      return { left: frame(left, root), right: frame(right, root) };
    case "identity": {
      const q = frame(left, root);
      return { left: q, right: { shape: q.shape, data: q.data.map((x) => (gain < 0 ? -x : x)) } };
    }
    case "zero":
      return { left: normalMatrix(left, units, rank, 1 / Math.sqrt(units)), right: emptyMatrix(units, rank) };
  }
}

/** The first columns of the identity, times a number. */
function columnsOfIdentity(rows: number, columns: number, size: number): Matrix {
  const out = emptyMatrix(rows, columns);
  for (let i = 0; i < columns; i++) out.data[i * columns + i] = size;
  return out;
}
