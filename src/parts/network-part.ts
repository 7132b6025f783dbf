import { LowTensorRankRNN, type LowTensorRankParams, type Setting } from "../models";
import { concat, select, transpose, zeros, type Matrix, type Params, type Vector } from "../tensor";
import { inColumnSpan } from "./column-span";
import type { InitialStates } from "./initial-states";
import { normalizedColumns, sizedColumns } from "./normalized-columns";
import { pick } from "./part";
import type { TrialFactors } from "./trial-factors";

/** The parts that a network is made of. */
export interface NetworkParts {
  readonly trialFactors: TrialFactors;
  readonly initialStates: InitialStates;
  /**
   * "columns": input weights, bias and initial states are given by coefficients (vectors × rank) of the column factors,
   * and lie in their span
   */
  readonly span: "free" | "columns";
  /** input weights whose columns are scaled to a root mean square of 1; absent: none */
  readonly sizedInputs?: readonly boolean[];
}

/** The network, and what takes gradients in its parameters back to those in the free ones. */
export type NetworkPart = readonly [model: LowTensorRankRNN, adjoint: (gradients: LowTensorRankParams) => Params];

type StaticName = "aStatic" | "bStatic" | "wStatic";

/**
 * The network of free parameters, `W^(k) = W_0 + sum_r c_r(k) a_r/|a_r| b_r'/|b_r|`, beside the adjoint. The static
 * part is `W_0 = wStatic`, or of low rank, `W_0 = aStatic bStatic'`, in the columns after the first `rank`, with trial
 * factors of 1.
 */
export function networkPart(free: Params, parts: NetworkParts, setting: Setting): NetworkPart {
  const { trialFactors, initialStates } = parts,
    { a, b, aStatic, bStatic, wStatic } = free as Readonly<Record<StaticName | "a" | "b", Matrix>>,
    rank = a.shape[1],
    ofFactors = Object.keys(trialFactors.start(rank)),
    ofStates = Object.keys(initialStates.start(0, 1));
  const [unitA, adjointA] = normalizedColumns(a),
    [unitB, adjointB] = normalizedColumns(b),
    [c, adjointC] = trialFactors(pick(free, ofFactors)),
    [states, adjointStates] = initialStates(pick(free, ofStates)),
    drive = sizedDriveOf(free, states, unitA, parts);
  const taken = new Set([...ofFactors, ...ofStates, "a", "b", "aStatic", "bStatic", "wStatic", "wIn", "bias"]),
    others = Object.keys(free).filter((name) => !taken.has(name));
  const model = new LowTensorRankRNN(
    {
      ...pick<LowTensorRankParams>(free, others),
      ...drive.params,
      a: beside(unitA, aStatic),
      b: beside(unitB, bStatic),
      ...(wStatic ? { w0: wStatic } : {}),
      c: beside(c, aStatic && ones([c.shape[0], aStatic.shape[1]])),
    },
    setting,
  );
  const adjoint = ({ a: da, b: db, c: dc, w0, wIn, bias, x0, ...rest }: LowTensorRankParams): Params => {
    const { dA, dStates, ...ofDrive } = drive.adjoint({ wIn, bias, x0 });
    return {
      ...(rest as Params),
      ...ofDrive,
      ...adjointStates(dStates),
      a: adjointA(added(first(da, rank), dA)),
      b: adjointB(first(db, rank)),
      ...adjointC(first(dc, rank)),
      ...(aStatic ? { aStatic: from(da, rank), bStatic: from(db, rank) } : {}),
      ...(w0 ? { wStatic: w0 } : {}),
    };
  };
  return [model, adjoint];
}

type Drive = Pick<LowTensorRankParams, "wIn" | "bias" | "x0">;

/** Input weights, bias and initial states, with the columns of W_in scaled that are to be. */
function sizedDriveOf(free: Params, states: Matrix, a: Matrix, { span, sizedInputs }: NetworkParts) {
  const drive = driveOf(free, states, a, span);
  if (!sizedInputs) return drive;
  const [wIn, adjointOfSize] = sizedColumns(drive.params.wIn, sizedInputs);
  return {
    params: { ...drive.params, wIn },
    adjoint: (d: Drive) => drive.adjoint({ ...d, wIn: adjointOfSize(d.wIn) }),
  };
}

/** Input weights, bias and initial states: as they are, or from their coefficients of the column factors. */
function driveOf({ wIn, bias }: Params, states: Matrix, a: Matrix, span: NetworkParts["span"]) {
  if (span === "free") {
    const params = { wIn: wIn as Matrix, x0: states, ...(bias ? { bias: bias as Vector } : {}) };
    const adjoint = ({ wIn: dWIn, bias: dBias, x0: dStates }: Drive) => ({
      wIn: dWIn,
      ...(dBias ? { bias: dBias } : {}),
      dStates,
      dA: undefined as Matrix | undefined,
    });
    return { params: params as Drive, adjoint };
  }
  const [inputs, adjointInputs] = inColumnSpan(wIn as Matrix, a),
    [biases, adjointBias] = inColumnSpan(asRow(bias as Vector), a),
    [starts, adjointStarts] = inColumnSpan(states, a);
  const params = { wIn: transpose(inputs), bias: asVector(biases), x0: starts };
  const adjoint = (d: Drive) => {
    const ofInputs = adjointInputs(transpose(d.wIn)),
      ofBias = adjointBias(asRow(d.bias as Vector)),
      ofStarts = adjointStarts(d.x0);
    return {
      wIn: ofInputs.coefficients,
      bias: asVector(ofBias.coefficients),
      dStates: ofStarts.coefficients,
      dA: added(added(ofInputs.a, ofBias.a), ofStarts.a) as Matrix | undefined,
    };
  };
  return { params, adjoint };
}

const asRow = ({ shape: [length], data }: Vector): Matrix => ({ shape: [1, length], data });
const asVector = ({ data }: Matrix): Vector => ({ shape: [data.length], data });

const beside = (x: Matrix, more: Matrix | undefined): Matrix => (more ? concat([x, more], 1) : x);

const columns = (x: Matrix, begin: number, end: number): Matrix =>
  select(
    x,
    1,
    Array.from({ length: end - begin }, (_, j) => begin + j),
  ) as Matrix;

const first = (x: Matrix, count: number): Matrix => (x.shape[1] === count ? x : columns(x, 0, count));
const from = (x: Matrix, count: number): Matrix => columns(x, count, x.shape[1]);

const added = (x: Matrix, y: Matrix | undefined): Matrix =>
  y ? { shape: x.shape, data: x.data.map((value, index) => value + y.data[index]) } : x;

function ones(shape: Matrix["shape"]): Matrix {
  const x = zeros(shape);
  x.data.fill(1);
  return x;
}
