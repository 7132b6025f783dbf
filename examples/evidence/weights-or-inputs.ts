/**
 * Did weights change, or inputs, or nothing: recordings are planted each way, five of each, and told by what fits of
 * the three hypotheses explain of held-out boxes; bench/hypotheses.ts has the sizes and the rule.
 */
import { tensor, type Candidate } from "ltrnn";
import { compareHypotheses, hypotheses, winnerOf, type Hypothesis } from "../../bench/planted-changes";
import { cells, folds, printTable, upTo } from "./cells";

const planted: Candidate = {
  axes: ["hypothesis", "seed"],
  whole: true,
  async fit(_, { axes, options }) {
    const sizes = options as unknown as Parameters<typeof compareHypotheses>[0];
    const scores = await compareHypotheses(sizes, axes.hypothesis as Hypothesis, axes.seed as number);
    return { status: "converged", facts: { ...scores } };
  },
};
const rows = await cells(
  "weights-or-inputs",
  tensor([1, 1], [0]), // cells plant their own recordings
  [
    {
      model: "planted",
      axes: { hypothesis: [...hypotheses], seed: upTo(folds).map((fold) => fold + 1) },
      options: { trials: 120, bins: 20, units: 60, conditions: 8, rank: 3 },
    },
  ],
  { planted },
);
let right = 0;
const lines = rows.map(({ axes, facts }) => {
  const scores = facts as unknown as Record<Hypothesis, number>,
    told = winnerOf(scores);
  if (told === axes.hypothesis) right++;
  return [String(axes.hypothesis), String(axes.seed), ...hypotheses.map((one) => (100 * scores[one]).toFixed(2)), told];
});
console.log("\nPercent of held-out boxes explained, by hypothesis\n");
printTable(["what changes", "seed", ...hypotheses, "told"], lines);
console.log(`\nTold right: ${right} of ${lines.length}`);
