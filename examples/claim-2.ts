/**
 * Claim 2: the weights of a network that is trained on a task change as a tensor of low rank. Reaching in a curl field
 * and under a visuomotor rotation, three seeds; tanh and linear networks, three gains of the first weights; and seven
 * ways to learn. It prints the tables of docs/claims.md: `npm run build && npx tsx examples/claim-2.ts`.
 */
import {
  abrupt,
  eProp,
  feedbackAlignment,
  nodePerturbation,
  rewardHebb,
  rflo,
  truncatedBptt,
  type LearningRule,
} from "ltrnn";
import { adapts, learnSeeds, type LearnedRow } from "./claims/claim-two";
import type { LearningSetting, Perturbation } from "./claims/learned-reach";

const units = 50,
  ranks = 10,
  every = 4,
  seeds = [1, 2, 3],
  trials = { baseline: 10, perturbed: 80, washout: 60 },
  perturbations: readonly (readonly [Perturbation, number])[] = [
    ["curl field", 1],
    ["rotation", 0.5],
  ],
  gains = [0.1, 0.8, 1.4];
/**
 * each with the rate of its plain descent on forces; chosen on seed 1 in the curl field, so that it does not diverge
 */
const rules: readonly (readonly [string, number, LearningRule?])[] = [
  ["gradient", 0.03],
  ["truncated BPTT, 5 steps", 0.03, truncatedBptt({ window: 5 })],
  ["feedback alignment", 0.03, feedbackAlignment()],
  ["e-prop", 0.03, eProp()],
  ["RFLO", 0.03, rflo()],
  ["node perturbation", 0.01, nodePerturbation({ sigma: 0.02, draws: 8 })],
  ["reward-modulated Hebb", 0.001, rewardHebb()],
];

const settings: (readonly [string, Omit<LearningSetting, "seed">])[] = perturbations.flatMap(([perturbation, size]) => {
  const common = { units, perturbation, sizes: abrupt({ size, ...trials }) };
  return [
    ...(["tanh", "identity"] as const).flatMap((phi) =>
      gains.map(
        (gain) =>
          [
            `${perturbation}, ${phi === "tanh" ? "tanh" : "linear"}, g = ${gain}`,
            { ...common, phi, gain, rate: 0.3 },
          ] as const,
      ),
    ),
    ...rules.map(
      ([name, rate, rule]) =>
        [
          `${perturbation}, forces, ${name}`,
          { ...common, phi: "tanh" as const, gain: 0.8, rate, onForces: true, ...(rule ? { rule } : {}) },
        ] as const,
    ),
  ];
});

const percent = (share: number) => (100 * share).toFixed(0),
  line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const rankLines: string[] = [],
  behaviorLines: string[] = [];
for (const [name, setting] of settings) {
  const rows = await learnSeeds(setting, seeds, { ranks, every });
  const over = (pick: (row: LearnedRow) => readonly number[], choose: (...values: number[]) => number) =>
    Array.from({ length: ranks }, (_, r) => percent(choose(...rows.map((row) => pick(row)[r]))));
  rankLines.push(line([name, "changes", ...over(({ profile }) => profile.changes, Math.min)]));
  rankLines.push(line(["", "null", ...over(({ profile }) => profile.null, Math.max)]));
  const each = (say: (row: LearnedRow["adaptation"]) => string) =>
    rows.map(({ adaptation }) => say(adaptation)).join(", ");
  behaviorLines.push(
    line([
      name,
      each(({ jump }) => jump.toFixed(2)),
      each(({ left }) => percent(left)),
      each(({ timeConstant }) => (timeConstant > 5 * trials.perturbed ? "none" : timeConstant.toFixed(1))),
      each(({ explained }) => explained.toFixed(2)),
      each(({ afterEffect }) => afterEffect.toFixed(3)),
      `${rows.filter(({ adaptation }) => adapts(adaptation, trials.perturbed)).length} of ${seeds.length}`,
    ]),
  );
  console.error(name);
}
const columns = Array.from({ length: ranks }, (_, r) => r + 1);
console.log(line(["setting", "percent by CP of rank", ...columns]));
console.log(`|${"---|".repeat(ranks + 2)}`);
console.log(rankLines.join("\n"));
console.log(`\n${line(["setting", "jump", "left, %", "time constant", "explained", "after-effect", "adapts"])}`);
console.log(`|${"---|".repeat(7)}`);
console.log(behaviorLines.join("\n"));
