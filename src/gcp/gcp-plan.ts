import { checksum, fail, provenance, readOptions, type Provenance } from "../base";
import { checkProblem, type NamedStart } from "../decompose";
import { contractionKernels } from "../kernels";
import type { Tensor } from "../tensor";
import { firstPoint } from "./first-point";
import { gcpTable, type GcpOptions } from "./gcp-options";
import { gcpProblem, type GcpProblem } from "./gcp-problem";
import { givenStart, startVariables, type GcpPoint } from "./gcp-start";
import { readGcpLoss } from "./loss-from";
import type { EpochSettings } from "./sampled-epochs";

/** A start, made when it is needed. */
export interface FirstPoint {
  readonly kind: NamedStart;
  readonly seed: number;
  readonly point: () => GcpPoint;
}

/** A run before its first step, with every option decided. */
export interface GcpPlan extends EpochSettings {
  readonly where: string;
  readonly problem: GcpProblem;
  /** modes whose bounds do not allow the negative of a column */
  readonly upright: readonly number[];
  /** the starts that are compared, in order */
  readonly points: readonly FirstPoint[];
  readonly solver: "lbfgsb" | "adam";
  readonly steps: number;
  readonly provenance: Provenance;
}

/** Entries beyond which gradients are sampled unless the caller says otherwise. */
const many = 1e7,
  sparse = 0.2;

/** Check the call of a decomposition, and decide what its options leave open. */
export function planOf(where: string, x: Tensor, rank: number, options: GcpOptions): GcpPlan {
  const read = readOptions<GcpOptions, ReturnType<typeof gcpTable>>(where, options, gcpTable()),
    { seed, start, starts, steps, tolerance, mask, bounds } = read,
    loss = readGcpLoss(where, read.loss),
    { ridge = 0, smooth = [] } = read.penalties,
    { epoch = 500, rate = 0.02 } = read.method;
  checkProblem(where, x, rank, mask);
  checkPerMode(where, "bounds", bounds.length, x);
  checkPerMode(where, "penalties.smooth", smooth.length, x);
  for (const [mode, bound] of bounds.entries())
    if (loss.nonNegative && (bound?.most ?? 1) < 0)
      fail(where, {
        expected: `bounds[${mode}].most of at least 0 for the loss ${loss.name}, whose model is not below 0`,
        got: String(bound?.most),
        fix: "Raise it, or take a loss whose model may be below 0.",
      });
  const penalties = { ridge, smooth: x.shape.map((_, mode) => smooth[mode] ?? 0) },
    problem = gcpProblem({ where, x, mask, loss, rank, penalties, boundsOfModes: bounds, again: true }),
    solver = read.method.solver ?? (problem.observed > many ? "adam" : "lbfgsb"),
    sampling = read.method.sampling ?? (nonzeroShare(problem) < sparse ? "stratified" : "uniform"),
    samples = read.method.samples ?? Math.max(1000, 4 * x.shape.reduce((sum, size) => sum + size, 0)),
    method = solver === "lbfgsb" ? { solver } : { solver, sampling, samples, epoch, rate },
    points = pointsOf(where, problem, { seed, start, starts, solver });
  return {
    where,
    problem,
    upright: bounds.flatMap((bound, mode) => (bound && bound.least !== -(bound.most ?? NaN) ? [mode] : [])),
    points,
    solver,
    steps,
    seed,
    tolerance,
    sampling,
    samples,
    epoch,
    rate,
    provenance: provenance(
      where === "gcpSteps" ? "gcp" : where,
      seed,
      {
        loss: loss.description ?? { kind: "custom", name: loss.name },
        start: typeof start === "string" ? start : undefined,
        starts,
        steps,
        tolerance,
        bounds: bounds.map((bound) => bound ?? null),
        penalties,
        method,
      },
      {
        rank,
        start: typeof start === "object" ? checksum(startVariables(where, start)) : null,
        mask: mask ? checksum(mask.data) : null,
        kernels: contractionKernels().name,
      },
    ),
  };
}

/** The starts of a run: the one that is given or named, or several that are compared. */
function pointsOf(
  where: string,
  problem: GcpProblem,
  {
    seed,
    start,
    starts,
    solver,
  }: Pick<GcpOptions, "start"> & { seed: number; starts: number; solver: "lbfgsb" | "adam" },
): FirstPoint[] {
  if (start !== undefined && starts > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${starts} starts`,
      fix: "Leave start out to compare several, or leave starts out to begin from that one.",
    });
  if (typeof start === "object") {
    const point = givenStart(where, problem, start, solver);
    return [{ kind: "random", seed, point: () => point }];
  }
  const { loss, bounds } = problem,
    hasScale = loss.description !== undefined || loss.mean === undefined,
    ofData = bounds.lower.every((least) => least >= 0) ? "nndsvd" : "hosvd";
  return Array.from({ length: starts }, (_, i) => {
    const kind = starts > 1 && i === starts - 1 && hasScale ? ofData : (start ?? "random");
    return { kind, seed: seed + i, point: () => firstPoint(where, kind, problem, seed + i) };
  });
}

function checkPerMode(where: string, name: string, length: number, { shape }: Tensor): void {
  if (length > shape.length)
    fail(where, {
      expected: `at most ${shape.length} entries in ${name}, one per mode`,
      got: String(length),
      fix: "Give them in the order of the modes, undefined where there is none.",
    });
}

function nonzeroShare({ x, mask, observed }: GcpProblem): number {
  let nonzeros = 0;
  for (let i = 0; i < x.data.length; i++) if (mask?.data[i] !== 0 && x.data[i] !== 0) nonzeros++;
  return nonzeros / observed;
}
