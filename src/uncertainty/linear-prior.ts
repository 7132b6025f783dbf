import { fail } from "../base";
import { normalPrecisions, type TrialFactors } from "../parts";
import { isNear, zeros, type Matrix, type Params } from "../tensor";

/**
 * A prior of trial factors as what it is in all components alike: `c_r = design theta_r`, with theta normal and
 * independent, `precision` the inverse of its variances, 0 where nothing is assumed.
 */
export interface LinearPrior {
  /** (trials × parameters) */
  readonly design: Matrix;
  readonly precision: Float64Array;
}

/** The design of a prior, read off its adjoint, and checked. */
export function linearPrior(where: string, prior: TrialFactors): LinearPrior {
  const { trials } = prior,
    start = prior.start(1),
    names = Object.keys(start).filter((name) => start[name]),
    count = names.reduce((sum, name) => sum + sizeOfParameter(start, name), 0);
  const flat = (params: Params) => Float64Array.from(names.flatMap((name) => [...(params[name]?.data ?? [])]));
  const paramsOf = (theta: Float64Array): Params => {
    let at = 0;
    return Object.fromEntries(
      names.map((name) => {
        const from = at;
        at += sizeOfParameter(start, name);
        return [name, { shape: start[name]?.shape ?? [], data: theta.slice(from, at) }];
      }),
    );
  };
  const design = zeros([trials, count]),
    [, adjoint] = prior(start);
  for (let k = 0; k < trials; k++) {
    const unit = zeros([trials, 1]);
    unit.data[k] = 1;
    design.data.set(flat(adjoint(unit)), k * count);
  }
  // a different number for each parameter, so that a value tells which are in it
  const probe = Float64Array.from({ length: count }, (_, i) => 1 + ((i * 0.618) % 1)),
    precisions = prior.prior ? normalPrecisions(prior.prior, start) : start,
    normal = names.every((name) => precisions[name]),
    precision = prior.prior && normal ? flat(precisions) : new Float64Array(count);
  if (!normal || !isNear(times(design, probe), prior(paramsOf(probe))[0].data))
    fail(where, {
      expected: "trial factors that are linear in their parameters, with independent normal ones",
      got: `those of ${prior.description.kind}, which are not`,
      fix: "Ask for a bootstrap of the fit, which needs no such assumption.",
    });
  return { design, precision };
}

const sizeOfParameter = (params: Params, name: string): number => params[name]?.data.length ?? 0;

function times({ shape: [rows, columns], data }: Matrix, x: Float64Array): Float64Array {
  const y = new Float64Array(rows);
  for (let k = 0; k < rows; k++) for (let i = 0; i < columns; i++) y[k] += data[k * columns + i] * x[i];
  return y;
}
