import type { Span } from "./run-panels";

/** Whole panels for each thread, as evenly as they divide; no more threads than panels. */
export function spansOf(trials: number, lanes: number, threads: number): Span[] {
  const panels = Math.ceil(trials / lanes),
    used = Math.min(threads, panels),
    edge = (i: number) => Math.min(trials, Math.floor((i * panels) / used) * lanes);
  return Array.from({ length: used }, (_, i) => [edge(i), i + 1 === used ? trials : edge(i + 1)] as const);
}
