// Prints what comes of damaged input: `npx tsx test/support/damage/print.mts 60000 readNpy,fromJson`,
// the number of inputs for each reader, and readers by parts of their names.
import { damage } from "./damage";
import { jsonReader, matReader, npyReader, npzMemberReader, npzReader } from "./file-readers";
import { cpReader, modelReader } from "./record-readers";

const [, , inputs = "2000", names = ""] = process.argv;
const readers = [npyReader(), npzReader(), npzMemberReader(), matReader(), jsonReader(), modelReader(), cpReader()];
console.log("| reader | inputs | clear errors | read | engine errors | slow | silent |\n|---|---|---|---|---|---|---|");
for (const reader of readers.filter(({ name }) => names.split(",").some((part) => name.includes(part)))) {
  const { name, inputs: count, refused, read, engine, slow, silent, faults } = damage(reader, Number(inputs));
  console.log(`| ${[name, count, refused, read, engine, slow, silent].join(" | ")} |`);
  for (const fault of faults) console.error(fault);
}
