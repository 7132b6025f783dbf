import { isRecord, type Provenance } from "../base";

/** What the data are called that a function takes. */
const data: Readonly<Record<string, string>> = {
  fitLowTensorRank: "activity",
  cpAls: "x",
  compareRanks: "history, bound",
  train: "objective, start",
};

/**
 * Code that makes a result again, given its data under their usual names. Options that are data, such as masks, are
 * names too.
 */
export function snippetOf({ by, seed, options, facts, version }: Provenance): string {
  const named = ["mask", "validation", "conditions", "epochs"].filter((name) => (facts[name] ?? null) !== null),
    rank = typeof facts.rank === "number" ? `, ${facts.rank}` : "";
  const { training } = options,
    optimizer = isRecord(training) && isRecord(training.optimizer) ? training.optimizer : undefined;
  const text = (name: string, value: unknown): string =>
    name === "training" && optimizer && isRecord(value)
      ? `{ ...${JSON.stringify({ ...value, optimizer: undefined })}, optimizer: ${remade(optimizer)} }`
      : name === "optimizer" && isRecord(value)
        ? remade(value)
        : JSON.stringify(value);
  const whole = { ...options, ...(seed === null ? {} : { seed }) };
  const entries = [
    ...Object.entries(whole).map(([name, value]) => `  ${name}: ${text(name, value)},`),
    ...named.map((name) => `  ${name},`),
  ];
  const call = `${by}(${data[by] ?? "data"}${rank}${entries.length > 0 ? `, {\n${entries.join("\n")}\n}` : ""})`;
  const awaited = by === "fitLowTensorRank" ? "await " : "";
  if (by === "train")
    return `import { last, optimizerFrom, train } from "ltrnn"; // ${version}\n\nconst again = await last(${call});\n`;
  const names = [by, ...(optimizer ? ["optimizerFrom"] : [])].join(", ");
  return `import { ${names} } from "ltrnn"; // ${version}\n\nconst again = ${awaited}${call};\n`;
}

const remade = (description: unknown): string => `optimizerFrom(${JSON.stringify(description)})`;
