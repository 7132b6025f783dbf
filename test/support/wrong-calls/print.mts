// Prints what goes wrong with wrong calls: `npx tsx test/support/wrong-calls/print.mts cpAls,kRank 60`, the names of
// exports (parts of them will do), and how many faults to list.
import { wrongCalls } from "./wrong-calls";

const [, , names, most = "40"] = process.argv;
const { counts, faults, withoutExample } = await wrongCalls({ only: names ? names.split(",") : undefined });
const perName = new Map<string, number>();
for (const { name } of faults) perName.set(name, (perName.get(name) ?? 0) + 1);
console.log(JSON.stringify(counts));
console.log(
  [...perName]
    .sort(([, p], [, q]) => q - p)
    .map(([name, count]) => `${name}: ${count}`)
    .join(", "),
);
if (withoutExample.length > 0) console.log(`without an example of a call: ${withoutExample.join(", ")}`);
for (const { name, place, junk, fault, text } of faults.slice(0, Number(most)))
  console.log(`${name}, ${place} <- ${junk}: ${fault}, ${text.split("\n").slice(0, 2).join(" ")}`);
