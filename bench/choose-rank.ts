/** Whether chooseRank finds planted ranks, and says that noise has none: the table of docs/choose-a-rank.md. */
import { chooseRank, cpToTensor, random, tensor, zeros, type Tensor } from "ltrnn";

const shape = [16, 15, 14],
  ranks = [1, 2, 3, 4, 5, 6, 7, 8];

/** Normal factors, and noise of a share of the tensor's size. */
function planted(rank: number, noise: number, seed: number): Tensor {
  const { normal } = random(seed, "planted rank"),
    factors = shape.map((size) => tensor([size, rank], Array.from({ length: size * rank }, normal))),
    clean = rank > 0 ? cpToTensor({ weights: tensor([rank], new Array(rank).fill(1)), factors }) : zeros(shape),
    size = rank > 0 ? Math.sqrt(clean.data.reduce((sum, x) => sum + x * x, 0) / clean.data.length) : 1;
  return { shape, data: clean.data.map((x) => x + noise * size * normal()) };
}

let right = 0,
  none = 0;
console.log("| planted rank | noise | seed | recommended | core consistency | other seeds | split halves |");
console.log("|---|---|---|---|---|---|---|");
for (const [rank, noise] of [
  ...[2, 4, 6].flatMap((r) => [
    [r, 0.1],
    [r, 0.3],
  ]),
  [0, 1],
])
  for (let seed = 1; seed <= (rank > 0 ? 3 : 5); seed++) {
    const found = await chooseRank(planted(rank, noise, seed), ranks, { seed }),
      row = found.table.find((one) => one.rank === found.rank),
      show = (value: number | null | undefined) => value?.toFixed(2) ?? "";
    if (rank > 0 && found.rank === rank) right++;
    if (rank === 0 && found.answer === "no low rank") none++;
    const said = found.answer === "no low rank" ? "no low rank" : found.rank,
      cells = [row?.coreConsistency.value, row?.replicability.value, row?.splitHalves.value].map(show);
    console.log(
      `| ${rank || "none"} | ${rank > 0 ? `${100 * noise} %` : "all"} | ${seed} | ${said} | ${cells.join(" | ")} |`,
    );
  }
console.log(`planted ranks: ${right} of 18; noise without a low rank: ${none} of 5`);
if (right < 16 || none < 5) process.exitCode = 1;
