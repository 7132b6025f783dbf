import type * as Ltrnn from "../../src/index";
import { analyzed } from "./numbers/analyzed";
import { decomposed } from "./numbers/decomposed";
import { drawn } from "./numbers/drawn";
import { filesAndFigures } from "./numbers/files-and-figures";
import { fitted } from "./numbers/fitted";
import { learned } from "./numbers/learned";
import { ruled } from "./numbers/ruled";
import { networks } from "./numbers/networks";
import { simulated } from "./numbers/simulated";
import { theory } from "./numbers/theory";

export type Library = typeof Ltrnn;
/** Results of public functions by a name for each: any records, whose numbers and texts count. */
export type Results = Record<string, unknown>;

/** Numbers by the names of the results that they were found in. */
export type PublicNumbers = Record<string, number[]>;

/**
 * Every public function that gives numbers, run on small problems in float64: what must be the same to the bit on every
 * engine, for one number of threads. On several threads those alone that run on threads: the others take no number of
 * threads.
 */
export async function publicNumbers(ltrnn: Library, threads = 1): Promise<PublicNumbers> {
  const onThreads: Results = { ...(await learned(ltrnn, threads)), ...(await fitted(ltrnn, threads)) };
  const results: Results = threads > 1 ? onThreads : { ...onThreads, ...(await onOneThread(ltrnn)) };
  return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, numbersIn(result)]));
}

async function onOneThread(ltrnn: Library): Promise<Results> {
  return {
    ...drawn(ltrnn),
    ...simulated(ltrnn),
    ...(await networks(ltrnn)),
    ...decomposed(ltrnn),
    ...theory(ltrnn),
    ...analyzed(ltrnn),
    ...(await ruled(ltrnn)),
    ...(await filesAndFigures(ltrnn)),
  };
}

/** What an engine answers: which kernels it runs, and all numbers as text. */
export interface Answer {
  readonly kernels: string;
  readonly numbers: Readonly<Record<string, string>>;
}

export const answerOf = async (ltrnn: Library, threads = 1): Promise<Answer> => ({
  kernels: kernelsOf(ltrnn),
  numbers: encodeNumbers(await publicNumbers(ltrnn, threads)),
});

const kernelsOf = ({ FullRankRNN, simulate, zeros }: Library): string =>
  String(
    simulate(FullRankRNN.random({ units: 2, inputs: 1 }, 1), zeros([1, 2, 1])).provenance.facts.kernels ?? "unknown",
  );

/**
 * All numbers of a record, in its own order, and its texts as the codes of their letters; `provenance` is left out,
 * because it names the kernels.
 */
export function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value === "boolean") return [value ? 1 : 0];
  if (typeof value === "string") return Array.from(value, (letter) => letter.charCodeAt(0));
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "provenance" || key === "seconds" ? [] : numbersIn(part),
  );
}

/** Numbers as text, bit for bit: JSON has no NaN, no infinity and no negative zero. */
function encodeNumbers(numbers: PublicNumbers): Record<string, string> {
  const encode = (values: readonly number[]) => {
    const bytes = new Uint8Array(new Float64Array(values).buffer);
    let text = "";
    for (let start = 0; start < bytes.length; start += 8192)
      text += String.fromCharCode(...bytes.subarray(start, start + 8192));
    return btoa(text);
  };
  return Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, encode(values)]));
}

/** Numbers out of the texts of an {@link Answer}. */
export function decodeNumbers(texts: Answer["numbers"]): PublicNumbers {
  const decode = (text: string) =>
    Array.from(new Float64Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer));
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, decode(text)]));
}
