// A process that makes wrong calls and reports each: the parent kills it where one hangs, and starts another after it.
// Arguments: the bundle, a file with the targets, the index of the first call.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { judge, mutations } from "./mutations.mjs";

const [, , bundle, targetsFile, firstText] = process.argv;
const library = await import(pathToFileURL(bundle).href);
const { LtrnnError } = library;
const names = Object.keys(library);
const AsyncFunction = (async () => {}).constructor;
const evaluate = (text) => new AsyncFunction(...names, `return (${text});`)(...names.map((name) => library[name]));
process.on("unhandledRejection", () => {}); // of a promise that a call left behind: its own result is what counts

let index = 0;
const first = Number(firstText);
for (const target of JSON.parse(readFileSync(targetsFile, "utf8"))) {
  const callee = await calleeOf(target);
  const good = () => Promise.all(target.arguments.map((text) => evaluate(text)));
  const start = target.arguments.length > 0 ? await good() : [];
  for (const mutation of mutations(target, start)) {
    if (index++ < first) continue;
    process.send({ index: index - 1, name: target.name, place: mutation.place, junk: mutation.junk });
    let outcome;
    try {
      const args = mutation.apply(target.arguments.length > 0 ? await good() : []);
      outcome = { value: await settle(callee(...args)) };
    } catch (error) {
      outcome = { error };
    }
    const fault = judge(target, mutation, outcome, LtrnnError);
    process.send({ done: index - 1, refused: "error" in outcome, fault });
  }
}
process.send({ finished: index });
process.disconnect();

/** What the user calls. */
async function calleeOf({ name, example }) {
  if (name.startsWith("new ")) return (...args) => new library[name.slice(4)](...args);
  if (name.includes("#")) {
    const [type, method] = name.split("#");
    const instance =
      findInstance(await evaluate(example), library[type]) ??
      library[type].random?.({ units: 4, inputs: 1, outputs: 1, rank: 1, trials: 2 }, 1);
    return (...args) => instance[method](...args);
  }
  const [type, method] = name.split(".");
  return method ? (...args) => library[type][method](...args) : (...args) => library[type](...args);
}

const findInstance = (value, type) => (value instanceof type ? value : undefined);

/** A promise to its end, a generator for a few steps, and what they gave. */
async function settle(value) {
  const result = await value;
  if (typeof result?.next !== "function") return result;
  const seen = [];
  for (let step = 0; step < 3; step++) {
    const { value: item, done } = await result.next();
    if (done) break;
    seen.push(item);
  }
  await result.return?.();
  return seen;
}
