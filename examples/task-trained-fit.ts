/**
 * Claim 1 on a network whose weights are known: an ltrRNN is fitted to the activity of a network that learned to reach
 * in a curl field that came and went, and its components are compared with how the network's weights changed. It prints
 * the table of docs/claims.md: `npm run build && npx tsx examples/task-trained-fit.ts`.
 */
import { alternating } from "ltrnn";
import { compareWithTruth } from "./claims/fit-to-trained";
import { learnReach } from "./claims/learned-reach";
import { isBeyond, type Measured } from "./claims/nearness";

const sizes = alternating({ size: 1, other: 0, baseline: 16, perturbed: 32, blocks: 3, washout: 16 }),
  seeds = [1, 2, 3],
  ranks = [3, 4, 5],
  statics = [0, "full"] as const;

const percent = ({ value, chance }: Measured) => `${(100 * value).toFixed(0)} (${(100 * chance).toFixed(0)})`,
  degrees = (angles: readonly number[]) => angles.map((angle) => angle.toFixed(0)).join(" ");
console.log(
  "| static part | rank | seed | explained | angles of " +
    "columns | columns agree | columns capture " +
    "| PCs agree | angles of rows | rows agree | rows capture |",
);
console.log(`|${"---|".repeat(11)}`);
const beyond: Record<string, number> = {};
for (const staticRank of statics)
  for (const rank of ranks)
    for (const seed of seeds) {
      const learned = await learnReach({
        units: 60,
        phi: "tanh",
        gain: 0.8,
        perturbation: "curl field",
        sizes,
        rate: 0.3,
        seed,
      });
      const epochs = learned.targets.map((_, k) => sizes(k) !== 0);
      const { explained, columns, rows, components } = await compareWithTruth(learned, epochs, rank, {
        seed,
        inputs: 12,
        network: { tau: 5, staticRank, trialKernel: { length: 20 } },
        training: { steps: 300, starts: 1 },
      });
      const cells = [
        staticRank === 0 ? "none" : staticRank,
        rank,
        seed,
        (100 * explained).toFixed(2),
        degrees(columns.angles),
        percent(columns.overlap),
        percent(columns.captured),
        percent(components.overlap),
        degrees(rows.angles),
        percent(rows.overlap),
        percent(rows.captured),
      ];
      console.log(`| ${cells.join(" | ")} |`);
      const counted = {
        "columns agree": columns.overlap,
        "columns capture": columns.captured,
        "rows agree": rows.overlap,
        "rows capture": rows.captured,
      };
      for (const [what, measured] of Object.entries(counted))
        beyond[what] = (beyond[what] ?? 0) + Number(isBeyond(measured));
    }
const fits = statics.length * ranks.length * seeds.length;
console.log(
  Object.entries(beyond)
    .map(([what, count]) => `${what}: ${count} of ${fits} beyond chance`)
    .join("; "),
);
