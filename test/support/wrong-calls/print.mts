// Prints how wrong calls go, and fails where one goes wrong: `npm run wrong-calls -- cpAls,kRank 60 5`, the names of
// exports (parts of them will do; "" for
// all), how many faults to list, and every how many-th call to make.
import { wrongCalls } from "./wrong-calls";

const [, , names, most = "40", every = "1"] = process.argv;
const begin = performance.now();
const { counts, faults, withoutExample } = await wrongCalls({
  only: names ? names.split(",") : undefined,
  every: Number(every),
});
const perName = new Map<string, number>();
for (const { name } of faults) perName.set(name, (perName.get(name) ?? 0) + 1);
console.log(`${JSON.stringify(counts)} in ${Math.round((performance.now() - begin) / 1000)} s`);
console.log(
  [...perName]
    .sort(([, p], [, q]) => q - p)
    .map(([name, count]) => `${name}: ${count}`)
    .join(", "),
);
if (withoutExample.length > 0) console.log(`without an example of a call: ${withoutExample.join(", ")}`);
for (const { name, place, junk, fault, text } of faults.slice(0, Number(most)))
  console.log(`${name}, ${place} <- ${junk}: ${fault}, ${text.split("\n").slice(0, 2).join(" ")}`);
if (faults.length > 0) process.exitCode = 1;
