/**
 * Which rank: networks of rank 1, 3 and 5 are planted, three of each, with 10 % noise, and the rank is chosen by
 * cross-validation and one standard error. The time constant, conditions and epochs are given.
 */
import { oneStandardError } from "ltrnn";
import { plantNetwork } from "../../bench/planted-recovery";
import { cells, folds, printTable } from "./cells";

const sizes = { units: 40, trials: 96, bins: 20 },
  ranks = [1, 2, 3, 4, 5, 6],
  lines: (string | number)[][] = [];
let right = 0;
for (const rank of [1, 3, 5])
  for (const seed of [1, 2, 3]) {
    const { activity, conditions, epochs } = plantNetwork(seed, 0.1, { ...sizes, rank }),
      options = { conditions, epochs, decoder: "identity", network: { tau: 4 } };
    const rows = await cells(
      `which-rank-${rank}-${seed}`,
      activity,
      [{ axes: { rank: ranks }, options }],
      {},
      {
        folds: Math.min(folds, 3),
        boxes: { half: [2, 2, 3] },
      },
    );
    const chosen = oneStandardError(rows)?.axes.rank,
      mean = (of: number) => {
        const scores = rows.filter(({ axes }) => axes.rank === of).map(({ test }) => test as number);
        return (100 * scores.reduce((sum, x) => sum + x, 0)) / scores.length;
      };
    if (chosen === rank) right++;
    lines.push([rank, seed, ...ranks.map((of) => mean(of).toFixed(2)), String(chosen)]);
  }
console.log("\nPercent of held-out boxes explained, by rank\n");
printTable(["planted", "seed", ...ranks.map(String), "chosen"], lines);
console.log(`\nChosen exactly: ${right} of ${lines.length}`);
