import { fail } from "../base";
import type { PlantCalls } from "./plant-calls";

/** A step of a plant: where its derivatives are compared. */
export interface PlantPoint {
  readonly state: Float64Array;
  readonly controls: Float64Array;
  readonly step: number;
}

/**
 * The largest difference between the derivatives that the adjoint gives and those by differences, relative to the
 * largest derivative at this point.
 */
export function worstEntry(where: string, calls: PlantCalls, point: PlantPoint, tolerance: number): number {
  const { state, controls, step } = point,
    { states } = calls,
    columns = states + controls.length;
  const byAdjoint = new Float64Array(states * columns),
    byDifferences = new Float64Array(states * columns);
  for (let row = 0; row < states; row++) {
    const dNext = new Float64Array(states);
    dNext[row] = 1;
    const { dState, dControls } = calls.adjoint(dNext, state, controls, step);
    byAdjoint.set(dState, row * columns);
    byAdjoint.set(dControls, row * columns + states);
  }
  let scale = byAdjoint.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const nameOf = (row: number, column: number) =>
    `d next[${row}] / d ${column < states ? `state[${column}]` : `control[${column - states}]`} at step ${step}`;
  const unsettled: string[] = [];
  for (let column = 0; column < columns; column++) {
    const { derivatives, apart } = differencesIn(calls, point, column, tolerance);
    for (let row = 0; row < states; row++) byDifferences[row * columns + column] = derivatives[row];
    scale = derivatives.reduce((largest, value) => Math.max(largest, Math.abs(value)), scale);
    const row = apart.findIndex((change) => !(change <= tolerance * scale));
    if (row >= 0) unsettled.push(nameOf(row, column));
  }
  if (scale === 0) return 0;
  let worst = 0,
    wrong = 0;
  const errorOf = (i: number) => Math.abs(byAdjoint[i] - byDifferences[i]) / scale;
  for (let i = 0; i < byAdjoint.length; i++) {
    if (!(errorOf(i) <= tolerance)) wrong++;
    if (!(errorOf(i) <= errorOf(worst))) worst = i;
  }
  if (wrong > 0) {
    const name = nameOf(Math.floor(worst / columns), worst % columns),
      [got, expected] = [byAdjoint[worst], byDifferences[worst]].map((value) => value.toPrecision(7));
    if (unsettled.length > 0)
      fail(where, {
        expected: `a step whose differences settle at ${unsettled[0]}`,
        got: `${expected} by differences of several sizes that disagree, and ${got} by stepAdjoint`,
        fix: "Smooth the kink, or another seed keeps the path away from it.",
      });
    fail(where, {
      expected: `stepAdjoint to give ${name} = ${expected}, as differences do`,
      got: `${got}; ${wrong} of ${byAdjoint.length} derivatives are wrong there`,
      fix: "dState[j] += dNext[i] * d next[i] / d state[j], summed over i; dControl alike.",
    });
  }
  return errorOf(worst);
}

/**
 * Central differences in one entry of state or control, extrapolated to fourth order, and how far those of two sizes
 * are apart. Sizes shrink until they agree.
 */
function differencesIn(calls: PlantCalls, { state, controls }: PlantPoint, column: number, tolerance: number) {
  const { states } = calls;
  const moved = (by: number) => {
    const [s, u] = [state.slice(), controls.slice()];
    if (column < states) s[column] += by;
    else u[column - states] += by;
    return calls.next(s, u);
  };
  const central = (h: number) => {
    const [up, down] = [moved(h), moved(-h)];
    return up.map((value, row) => (value - down[row]) / (2 * h));
  };
  const entry = column < states ? state[column] : controls[column - states];
  let derivatives = new Float64Array(states),
    apart = new Float64Array(states).fill(Infinity);
  // powers of two, so that the entry moves by exactly as much
  for (const part of [1 / 8192, 1 / 131072, 1 / 1048576]) {
    const h = part * Math.max(1, Math.abs(entry)),
      [wide, narrow] = [central(h), central(h / 2)];
    derivatives = narrow.map((value, row) => (4 * value - wide[row]) / 3);
    apart = narrow.map((value, row) => Math.abs(value - wide[row]));
    const scale = derivatives.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    if (apart.every((change) => change <= tolerance * scale)) break;
  }
  return { derivatives, apart };
}
