import {
  coreConsistency,
  cpAls,
  lineFigure,
  matmul,
  norm,
  rotatedIncrements,
  tucker,
  weightChanges,
  type CpResult,
  type Tensor3,
} from "ltrnn";
import type { Section } from "./report";
import { consistencyText, consistent, decompositionTitle, supportedRank } from "./statements";
import { percent, type Progress } from "./terminal";
import { phases } from "./trained-network";

const ranks = [1, 2, 3, 4, 5, 6],
  nulls = 5,
  compressed = 20;

/** Claim 2, second half: how few components the weight changes need, beside changes whose steps share no directions. */
export function decompose(weights: Tensor3, seed: number, progress: Progress): Section {
  const changes = weightChanges(weights);
  const rows = profile(changes, seed, 5, true, (what) => progress.say("decomposing the weight changes", what));
  const nullRows = Array.from({ length: nulls }, (_, i) =>
    profile(rotatedIncrements(changes, seed + i), seed + i, 1, false, (what) =>
      progress.say(`decomposing null ${i + 1} of ${nulls}`, what),
    ),
  );
  const mean = (pick: (row: Row) => number, k: number) =>
    nullRows.reduce((sum, run) => sum + pick(run.byRank[k]), 0) / nulls;
  const range = (pick: (row: Row) => number, k: number) =>
    `${percent(Math.min(...nullRows.map((run) => pick(run.byRank[k]))))} to ` +
    `${percent(Math.max(...nullRows.map((run) => pick(run.byRank[k]))))}`;
  const rank = supportedRank(rows.byRank),
    at = ranks.indexOf(rank),
    drawn = rows.cps[at];
  return {
    title: decompositionTitle(
      rows.byRank[at].cp,
      nullRows.map((run) => run.byRank[at].cp),
    ),
    text:
      "Weights over learning, less the first, form a tensor of " +
      `${changes.shape.join(" × ")}. The null keeps the spectrum of every one-step increment and ` +
      "its place in time, but turns each by random rotations of its own.",
    tables: [
      {
        caption: "Decomposition: variance explained by components",
        columns: ["rank", "CP", "CP, null (5 seeds)", "Tucker", "Tucker, null (5 seeds)", "core consistency"],
        rows: rows.byRank.map((row, k) => [
          String(row.rank),
          percent(row.cp),
          range((r) => r.cp, k),
          percent(row.tucker),
          range((r) => r.tucker, k),
          consistencyText(row.rank, row.consistency),
        ]),
        note:
          "Core consistency is 100 at rank 1 whatever the data. Components are drawn at rank " +
          `${rank}, the highest up to which it is at least ${consistent}.`,
      },
      {
        caption: "Decomposition: share of the variance in the 5 leading directions of each unfolding",
        columns: ["mode", "weight changes", "null (5 seeds)"],
        rows: ["postsynaptic units", "presynaptic units", "trials"].map((name, mode) => [
          name,
          percent(rows.fiveDirections[mode]),
          `${percent(Math.min(...nullRows.map((r) => r.fiveDirections[mode])))} to ` +
            `${percent(Math.max(...nullRows.map((r) => r.fiveDirections[mode])))}`,
        ]),
      },
    ],
    figures: [
      lineFigure(
        [
          { label: "CP", x: ranks, y: rows.byRank.map((r) => 100 * r.cp) },
          { label: "CP, null", x: ranks, y: ranks.map((_, k) => 100 * mean((r) => r.cp, k)), dashed: true },
          { label: "Tucker", x: ranks, y: rows.byRank.map((r) => 100 * r.tucker) },
          { label: "Tucker, null", x: ranks, y: ranks.map((_, k) => 100 * mean((r) => r.tucker, k)), dashed: true },
        ],
        { title: "Variance explained", xLabel: "rank", yLabel: "percent" },
      ),
      lineFigure(
        Array.from({ length: rank }, (_, r) => ({
          label: `component ${r + 1}`,
          x: Array.from({ length: changes.shape[2] }, (_, k) => k),
          y: Array.from(
            { length: changes.shape[2] },
            (_, k) => drawn.weights.data[r] * drawn.factors[2].data[k * rank + r],
          ),
        })),
        {
          title: `Trial factors of the CP of rank ${rank}`,
          xLabel: "trial",
          yLabel: "weight times factor",
          marks: [
            { x: phases.field, label: "field", breaks: true },
            { x: phases.washout, label: "washout", breaks: true },
          ],
        },
      ),
    ],
  };
}

interface Row {
  readonly rank: number;
  readonly cp: number;
  readonly tucker: number;
  readonly consistency: number;
}

/**
 * Variance explained against rank. CP runs on a Tucker core of the tensor (Bro & Andersson 1998): its factors are
 * orthonormal, so errors of the core and of the tensor differ by what the core leaves out, and no more. With `polish`
 * the best goes on over the whole tensor.
 */
function profile(x: Tensor3, seed: number, starts: number, polish: boolean, say: (what: string) => void) {
  say("higher-order SVD");
  const { core, factors, singularValues } = tucker(
    x,
    x.shape.map((size) => Math.min(size, compressed)),
    { sweeps: 0 },
  );
  const total = norm(x) ** 2,
    kept = norm(core) ** 2 / total;
  const fiveDirections = singularValues.map(
    (values) => values.slice(0, 5).reduce((sum, value) => sum + value * value, 0) / total,
  );
  const cps: CpResult[] = [];
  const byRank = ranks.map((rank): Row => {
    say(`rank ${rank}`);
    const small = Array.from({ length: starts }, (_, i) =>
      cpAls(core, rank, { seed: seed + i, sweeps: 200, tolerance: 1e-6 }),
    ).reduce((a, b) => (b.relativeError < a.relativeError ? b : a));
    const cp = polish
      ? cpAls(x, rank, { start: small.raw.map((f, mode) => matmul(factors[mode], f)), sweeps: 5, tolerance: 1e-4 })
      : small;
    cps.push(cp);
    return {
      rank,
      cp: polish ? 1 - cp.relativeError ** 2 : kept * (1 - small.relativeError ** 2),
      tucker: kept * (1 - tucker(core, [rank, rank, rank], { sweeps: 5 }).relativeError ** 2),
      consistency: coreConsistency(polish ? x : core, cp),
    };
  });
  return { byRank, fiveDirections, cps };
}
