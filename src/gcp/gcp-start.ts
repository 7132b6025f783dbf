import { fail, isRecord, pow, random, show } from "../base";
import { checkCp, weightsInLast } from "../factored";
import { checkFinite, checkTensor, type Matrix } from "../tensor";
import type { GcpOptions } from "./gcp-options";
import type { GcpProblem } from "./gcp-problem";
import type { GcpMemory, GcpResult } from "./gcp-result";

/** Where a run starts, with the memory of an earlier run if it is resumed. */
export interface GcpPoint {
  readonly variables: Float64Array;
  readonly memory?: GcpMemory;
}

/**
 * Random factors whose model has the norm of x, or a size of about a half where the model is a logarithm; where factors
 * are bounded from below, factors of one sign whose model has the mean of x.
 */
export function drawnStart({ x, mask, loss, rank, bounds, observed }: GcpProblem, seed: number): GcpPoint {
  const modes = x.shape.length,
    isLinear = loss.mean === undefined || loss.nonNegative === true;
  let squares = 0,
    sum = 0;
  for (let i = 0; i < x.data.length; i++)
    if (mask?.data[i] !== 0) {
      squares += x.data[i] * x.data[i];
      sum += Math.abs(x.data[i]);
    }
  const positive = bounds.lower.every((least) => least >= 0);
  // components of uniform entries have the mean 2^-modes, normal ones the mean square 1
  const target = !isLinear ? 0.5 : positive ? sum / observed : Math.sqrt(squares / observed),
    drawn = positive ? rank * pow(0.5, modes) : Math.sqrt(rank),
    scale = pow((target || 1) / drawn, 1 / modes);
  const stream = random(seed, "gcp start"),
    variables = bounds.lower.map((least, i) => {
      const value = scale * (least >= 0 ? 0.05 + 0.95 * stream.uniform() : stream.normal());
      return Math.min(bounds.upper[i], Math.max(least, value));
    });
  return { variables };
}

/** The start that was given; of an earlier result, its last step, with the memory of that. */
export function givenStart(
  where: string,
  { x, rank }: Pick<GcpProblem, "x" | "rank">,
  start: Exclude<NonNullable<GcpOptions["start"]>, string>,
  solver: GcpMemory["solver"],
): GcpPoint {
  if (!("factors" in start)) return { variables: flatOf(where, x.shape, rank, start) };
  checkCp(where, start, "start");
  if (!("memory" in start)) return { variables: flatOf(where, x.shape, rank, weightsInLast(where, start)) };
  const variables = flatOf(where, x.shape, rank, start.raw),
    memory = checkMemory(where, start, variables.length);
  return memory.solver === solver ? { variables, memory } : { variables };
}

/** The numbers of a given start; their checksum goes into the provenance. */
export function startVariables(where: string, start: Exclude<NonNullable<GcpOptions["start"]>, string>): Float64Array {
  const factors = !("factors" in start) ? start : "memory" in start ? start.raw : weightsInLast(where, start),
    list = Array.isArray(factors) ? (factors as readonly Matrix[]) : [];
  for (const [mode, f] of list.entries()) checkTensor(where, `start factor ${mode}`, f, 2);
  return joined(list);
}

function joined(list: readonly Matrix[]): Float64Array {
  const out = new Float64Array(list.reduce((sum, f) => sum + f.data.length, 0));
  let at = 0;
  for (const f of list) {
    out.set(f.data, at);
    at += f.data.length;
  }
  return out;
}

function flatOf(where: string, shape: readonly number[], rank: number, factors: readonly Matrix[]): Float64Array {
  const list = Array.isArray(factors) ? (factors as readonly Matrix[]) : [];
  for (const [mode, f] of list.entries()) checkTensor(where, `start factor ${mode}`, f, 2);
  const got = list.map((f) => f.shape.join(" × ")).join(", "),
    want = shape.map((size) => `${size} × ${rank}`).join(", ");
  if (got !== want)
    fail(where, {
      expected: `start factors of shapes ${want}`,
      got: got || "none",
      fix: "Start from factors of this rank, one per mode.",
    });
  for (const [mode, f] of list.entries()) checkFinite(where, `start factor ${mode}`, f);
  return joined(list);
}

function checkMemory(where: string, { memory }: GcpResult, length: number): GcpMemory {
  const isVector = (v: unknown) => v instanceof Float64Array && v.length === length && v.every(Number.isFinite),
    whole = (v: unknown) => Number.isInteger(v) && (v as number) >= 0,
    known: unknown = memory;
  if (isRecord(known) && Number.isFinite(known.first)) {
    const { solver, pairs, idle, epochs, undone, rate, updates, means, squares } = known;
    const ofPair = (p: unknown) => isRecord(p) && isVector(p.s) && isVector(p.y) && (p.product as number) > 0;
    if (solver === "lbfgsb" && whole(idle) && Array.isArray(pairs) && pairs.every(ofPair)) return memory;
    const isSampled =
      [epochs, undone, updates].every(whole) && (rate as number) > 0 && isVector(means) && isVector(squares);
    if (solver === "adam" && isSampled) return memory;
  }
  return fail(where, {
    expected: "start.memory to be that of a result of gcp of this shape and rank",
    got: show(known),
    fix: "Pass a result of gcp as start, as it was, or its factors.",
  });
}
