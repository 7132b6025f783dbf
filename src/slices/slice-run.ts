import type { Status } from "../base";
import { keepSweep, noExtrapolation, undoSweep, type Extrapolation } from "../decompose";
import { norm } from "../tensor";
import { jointSweep, spanOf } from "./joint-sweep";
import { nonNegativeSweep } from "./non-negative-sweep";
import { partOf, residualOf, unflat, type FlatPart } from "./part";
import { flatParts, partsAhead, partsFrom, spansAhead } from "./slice-extrapolation";
import type { SliceTcaResult } from "./slice-model";
import { sliceStart, type SlicePlan } from "./slice-plan";

/** A run after a sweep. The next one needs parts, error and extrapolation alone, so that a run resumes to the bit. */
export interface SliceState {
  readonly parts: readonly FlatPart[];
  readonly error: number;
  readonly trace: readonly number[];
  readonly status: Status;
  readonly extrapolation: Extrapolation;
}

/**
 * Non-negative sweeps are extrapolated once they lower the error by less than this share of it. Before that they still
 * decide which entries are zero, and extrapolating their changes leads to worse minima.
 */
const falling = 0.02;

/** Sweeps from one start, extrapolated where they are slow. One that raises the error is undone. */
export function* sliceRun(plan: SlicePlan, start: number): Generator<SliceState> {
  const { x, mask, size, sweeps, threshold, given } = plan,
    trace: number[] = [],
    made = (parts: readonly FlatPart[]) =>
      parts.map((part, mode) => partOf(unflat(part, x.shape, mode), x.shape, mode));
  let parts: readonly FlatPart[] = sliceStart(plan, start),
    makes = made(parts),
    error = Infinity,
    memory = noExtrapolation(size, { factors: flatParts(parts), weights: new Float64Array() });
  if (plan.raw && errorOf(residualOf(x, makes, mask), size) === (given as SliceTcaResult).relativeError) {
    error = (given as SliceTcaResult).relativeError;
    memory = plan.memory ?? memory;
  }
  for (;;) {
    const isExtrapolated = memory.length > 0 && !memory.plain,
      next = swept(isExtrapolated),
      making = made(next),
      reached = errorOf(residualOf(x, making, mask), size),
      drop = error - reached,
      isUndone = isExtrapolated ? !(drop > 0) : drop < 0; // a plain sweep that raises the error: rounding
    if (isUndone && isExtrapolated) memory = undoSweep(memory);
    if (!isUndone) {
      memory = keepSweep(memory, {
        before: { factors: flatParts(parts), weights: new Float64Array() },
        after: { factors: [], weights: new Float64Array(), relativeError: reached },
        drop,
        isExtrapolated,
        below: plan.nonNegative ? falling : Infinity,
      });
      [parts, makes, error] = [next, making, reached];
    }
    trace.push(error);
    const settled = isUndone ? !isExtrapolated : error === 0 || drop <= threshold,
      status: Status = settled ? "converged" : trace.length === sweeps ? "exhausted" : "running";
    yield { parts: [...parts], error, trace: [...trace], status, extrapolation: memory };
    if (status !== "running") return;
  }

  function swept(isExtrapolated: boolean): FlatPart[] {
    if (plan.nonNegative) {
      const from = isExtrapolated ? partsAhead(parts, memory) : parts;
      return nonNegativeSweep(x, mask, from, isExtrapolated ? made(from) : makes);
    }
    const spans = isExtrapolated ? spansAhead(parts, memory) : parts.map(spanOf);
    if (!mask) return jointSweep(x, mask, plan.ranks, spans);
    const filled = x.data.slice(),
      before = isExtrapolated ? made(partsFrom(memory.previous)) : undefined;
    for (const [mode, part] of makes.entries())
      for (let i = 0; i < filled.length; i++)
        if (mask[i] === 0) filled[i] += before ? part[i] + memory.length * (part[i] - before[mode][i]) : part[i];
    return jointSweep({ shape: x.shape, data: filled }, mask, plan.ranks, spans);
  }
}

const errorOf = (residual: Float64Array, size: number): number =>
  size === 0 ? 0 : norm({ shape: [residual.length], data: residual }) / size;
