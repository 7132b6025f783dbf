import { random } from "../base";
import { mapParams, zeros, type Matrix, type Params, type Tensor3 } from "../tensor";
import { inAllBins, type DrivenBins } from "./driven-bins";
import type { ChangingInputs, InputModel } from "./input-model";
import { normalizedColumns } from "./normalized-columns";
import { prefixed } from "./prefixed";
import { freeCourses, type Courses } from "./smooth-courses";
import type { TrialFactors } from "./trial-factors";

/**
 * Inputs that change over trials as weights do: input r of trial k at time t is `d_r(k) v_r,condition(k)(t)`, with d a
 * prior of trial factors. v has root mean square 1 over conditions and driven bins, and so has its column of W_in, as
 * columns and rows of the changing weights have length 1: only d sets how strong an input is.
 *
 * With smooth courses, v is penalized by the energy that the process gives it at this size,
 * `|z_r|² / (2 mean (L z_r)²)`.
 */
export function changingInputs(
  bins: DrivenBins,
  inputs: number,
  trialFactors: TrialFactors,
  smooth?: Courses,
): InputModel<Params> & Required<Pick<InputModel<Params>, "changing">> {
  const { conditions, conditionCount, time, driven } = bins,
    over = smooth ?? freeCourses(driven),
    factors = prefixed(trialFactors, "d."),
    rows = conditionCount * driven,
    rootRows = Math.sqrt(rows);
  /** v, of root mean square 1, and its adjoint. */
  const courses = (parameters: Tensor3) => {
    const raw = over.courses(parameters),
      [unit, adjointUnit] = normalizedColumns({ shape: [rows, inputs], data: raw.data });
    const v: Tensor3 = { shape: raw.shape, data: unit.data.map((x) => rootRows * x) };
    const adjoint = (dv: Tensor3): Tensor3 => {
      const dRaw = adjointUnit({ shape: [rows, inputs], data: dv.data.map((x) => rootRows * x) });
      return over.adjoint({ shape: raw.shape, data: dRaw.data });
    };
    return { raw, v, adjoint };
  };
  const part = (params: Params) => {
    const { v, adjoint: adjointOfCourses } = courses(params.v as Tensor3),
      [d, adjointOfFactors] = factors(params),
      every = zeros([conditions.length, time, inputs]);
    forEachDriven(bins, inputs, (index, trial, input, at) => {
      every.data[index] = d.data[trial * inputs + input] * v.data[at];
    });
    const adjoint = (dEvery: Tensor3): Params => {
      const dd = zeros(d.shape),
        dv = zeros(v.shape);
      forEachDriven(bins, inputs, (index, trial, input, at) => {
        dd.data[trial * inputs + input] += dEvery.data[index] * v.data[at];
        dv.data[at] += dEvery.data[index] * d.data[trial * inputs + input];
      });
      return { ...adjointOfFactors(dd), v: adjointOfCourses(dv) };
    };
    return [every, adjoint] as const;
  };
  const start = (seed: number): Params => {
    const stream = random(seed, "fit v"),
      v = zeros([conditionCount, over.size, inputs]);
    for (let index = 0; index < v.data.length; index++) v.data[index] = stream.normal();
    // as small as the inputs of conditions start
    return { ...mapParams(factors.start(inputs), (data) => data.map((x) => 0.1 * x)), v };
  };
  const changing = (params: Params): ChangingInputs => ({
    columns: Array.from({ length: inputs }, (_, r) => r),
    d: factors(params)[0],
    v: inAllBins(courses(params.v as Tensor3).v, time),
  });
  const prior = (params: Params): readonly [number, Params] => {
    const [ofFactors, gradients] = factors.prior?.(params) ?? [0, {}],
      z = params.v as Tensor3;
    if (!smooth) return [ofFactors, { ...gradients, v: zeros(z.shape) }];
    const [energy, v] = energyAtUnitSize(z, courses(z).raw, over);
    return [ofFactors + energy, { ...gradients, v }];
  };
  return Object.assign(part, {
    description: { kind: "changingInputs", inputs, trialFactors: trialFactors.description },
    inputs,
    start,
    sized: new Array<boolean>(inputs).fill(true),
    changing,
    prior,
  });
}

/** Every entry of the inputs in driven bins, with its place in v. */
function forEachDriven(
  { conditions, time, driven }: DrivenBins,
  inputs: number,
  visit: (index: number, trial: number, input: number, at: number) => void,
): void {
  for (const [trial, row] of conditions.entries())
    for (let t = 0; t < driven; t++)
      for (let input = 0; input < inputs; input++)
        visit((trial * time + t) * inputs + input, trial, input, (row * driven + t) * inputs + input);
}

/**
 * `sum_r |z_r|² / (2 s_r²)` with s_r the root mean square of the course of z_r, and its gradient,
 * `z_r / s_r² - |z_r|² / (n s_r⁴) L' L z_r`. A course of zeros has none.
 */
function energyAtUnitSize(z: Tensor3, raw: Tensor3, over: Courses): readonly [energy: number, gradient: Tensor3] {
  const inputs = z.shape[2],
    squares = sumsOfSquares(z),
    sizes = sumsOfSquares(raw).map((sum) => sum / (raw.data.length / inputs));
  let energy = 0;
  for (let r = 0; r < inputs; r++) if (sizes[r] > 0) energy += squares[r] / (2 * sizes[r]);
  const weights = sizes.map((size, r) => (size > 0 ? (squares[r] * inputs) / (raw.data.length * size * size) : 0)),
    back = over.adjoint({ shape: raw.shape, data: raw.data.map((x, index) => weights[index % inputs] * x) });
  const gradient: Matrix["data"] = z.data.map((x, index) => {
    const size = sizes[index % inputs];
    return size > 0 ? x / size - back.data[index] : 0;
  });
  return [energy, { shape: z.shape, data: gradient }];
}

/** Of every input. */
function sumsOfSquares({ shape: [, , inputs], data }: Tensor3): Float64Array {
  const sums = new Float64Array(inputs);
  for (let index = 0; index < data.length; index++) sums[index % inputs] += data[index] * data[index];
  return sums;
}
