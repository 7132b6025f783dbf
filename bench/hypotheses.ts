/** Whether fits tell what changed over trials: the table of docs/inputs.md. Fails where one tells wrong. */
import { compareHypotheses, hypotheses, winnerOf } from "./planted-changes";

const sizes = { trials: 120, bins: 20, units: 60, conditions: 8, rank: 3 };

console.log("| what changes | seed | weights | inputs | nothing | told |\n|---|---|---|---|---|---|");
for (const changes of hypotheses)
  for (let seed = 1; seed <= 5; seed++) {
    const scores = await compareHypotheses(sizes, changes, seed),
      told = winnerOf(scores),
      cells = hypotheses.map((one) => (100 * scores[one]).toFixed(2));
    if (told !== changes) process.exitCode = 1;
    console.log(`| ${changes} | ${seed} | ${cells.join(" | ")} | ${told} |`);
  }
