// A process that makes wrong calls and reports them, some hundred at a time: the parent kills it where one hangs, and
// starts another before it.
// Arguments: the bundle, a file with the targets, the index of the first call, every how many-th is made, how many
// make a report.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { judge, mutations } from "./mutations.mjs";

const [, , bundle, targetsFile, ...numbers] = process.argv;
const [first, every, batch, firstTarget, firstIndex] = numbers.map(Number);
const library = await import(pathToFileURL(bundle).href);
const { LtrnnError } = library;
const names = Object.keys(library);
const AsyncFunction = (async () => {}).constructor;
const compiled = new Map();
process.on("unhandledRejection", () => {}); // of a promise that a call left behind: its own result is what counts

let index = firstIndex,
  calls = 0,
  refused = 0,
  faults = [];
const targets = JSON.parse(readFileSync(targetsFile, "utf8"));
for (let t = firstTarget; t < targets.length; t++) {
  const target = targets[t],
    targetIndex = index;
  const callee = await calleeOf(target);
  const good = () => Promise.all(target.arguments.map(evaluate));
  for (const mutation of mutations(target, await good())) {
    const now = index++;
    if (now < first || now % every !== 0) continue;
    if (batch === 1) process.send({ starts: now, name: target.name, place: mutation.place, junk: mutation.junk });
    let outcome;
    try {
      outcome = { value: await settle(callee(...mutation.apply(await good()))) };
    } catch (error) {
      outcome = { error };
    }
    const fault = judge(target, mutation, outcome, LtrnnError);
    calls++;
    if ("error" in outcome) refused++;
    if (fault) faults.push({ name: target.name, place: mutation.place, junk: mutation.junk, ...fault });
    if (calls >= batch) report(now, t, targetIndex);
  }
}
report(index, targets.length, index);
process.send({ finished: true });
process.disconnect();

function report(upTo, target, targetIndex) {
  process.send({ upTo, target, targetIndex, calls, refused, faults });
  [calls, refused, faults] = [0, 0, []];
}

/** The value of an example's text, compiled once. */
function evaluate(text) {
  if (!compiled.has(text)) compiled.set(text, new AsyncFunction(...names, `return (${text});`));
  return compiled.get(text)(...names.map((name) => library[name]));
}

/** What the user calls. */
async function calleeOf({ name, example }) {
  if (name.startsWith("new ")) return (...args) => new library[name.slice(4)](...args);
  if (name.includes("#")) {
    const method = name.split("#")[1];
    // the example of a class begins by drawing one
    const instance = await evaluate(/^\w+\.random\(\{[^}]*\}, \d+\)/.exec(example)[0]);
    return (...args) => instance[method](...args);
  }
  const [type, method] = name.split(".");
  return method ? (...args) => library[type][method](...args) : (...args) => library[type](...args);
}

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
