import { type Kernels, outerRoom } from "./kernel-set";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/**
 * Addresses of all arrays of a scan, `[step][row][lane]`, which every panel of trials uses in turn.
 *
 * The drive of a step is one product `M z` with `M = [left | W_in | b]` and `z = [source; u; 1]`, where the source is
 * `h = phi(x)` for full weights and `c * (right' h)` for low rank. So the gradient in M is one outer product, and `M'
 * g` holds the gradients in source and inputs. For full weights h is the first rows of z, in the same memory.
 */
export interface ScanMemory {
  /** rows of the source, and of z */
  readonly source: number;
  readonly width: number;
  /** bytes from one step to the next: of h, of z, of a row for each unit, each output, each state of the plant */
  readonly hStep: number;
  readonly zStep: number;
  readonly unitStep: number;
  readonly outStep: number;
  readonly bodyStep: number;
  /** x_0 .. x_T; the caller writes x_0 */
  readonly states: number;
  /** h_0 .. h_T */
  readonly rates: number;
  /** z_0 .. z_{T-1}; the caller writes the rows of the inputs, except those of the plant's feedback */
  readonly sources: number;
  /** right' h_t before trials scale it (low rank) */
  readonly kappas: number;
  /** alpha lambda_{t+1}: the gradient in the drive */
  readonly gains: number;
  /** M' of the gains: the gradients in sources and inputs */
  readonly dSources: number;
  /** the same arrays at the predicted states, for Heun's second slope */
  readonly second?: {
    readonly rates: number;
    readonly sources: number;
    readonly kappas: number;
    readonly gains: number;
    readonly dSources: number;
  };
  /** y_1 .. y_T, without a readout the memory of the rates or states; and dL/dy, which the loss writes */
  readonly outputs: number;
  readonly dOutputs: number;
  /** s_0 .. s_T, and dL/ds through the loss alone, which the loss writes */
  readonly plantStates: number;
  readonly dPlantStates: number;
  readonly noise: number;
  /** factors of the panel's trials (rank rows), and the gradient in them */
  readonly scales: number;
  readonly dScales: number;
  /** the part of lambda that does not pass through the rates; after the backward pass, lambda_0 */
  readonly carry: number;
  readonly drive: number;
  readonly dRates: number;
  readonly dRead: number;
  readonly scratch: number;
  readonly zeroRows: number;
  /** scratch memory of the outer product */
  readonly room: number;
  /** weights in the precision of the kernels */
  readonly m: number;
  readonly mT: number;
  readonly right: number;
  readonly rightT: number;
  readonly readout: number;
  readonly readoutT: number;
  readonly readoutBias: number;
  /** gradients, float64 */
  readonly dM: number;
  readonly dRight: number;
  readonly dReadout: number;
  readonly dReadoutBias: number;
}

/** Takes the memory of a scan, all at once, and copies the weights into it in the precision of the kernels. */
export function scanMemory(kernels: Kernels, setting: ScanSetting, weights: ScanWeights): ScanMemory {
  const { workspace, bytes } = kernels;
  workspace.reserve((take) => void addressesOf(take, setting, weights, bytes));
  const memory = addressesOf((count, clear) => workspace.take(count, clear), setting, weights, bytes);
  writeWeights(kernels, setting, weights, memory);
  return memory;
}

function addressesOf(
  take: (count: number, clear?: boolean) => number,
  { units, rank, inputs, outputs, steps, plant, noisy, integrator, reads }: ScanSetting,
  weights: ScanWeights,
  bytes: number,
): ScanMemory {
  const source = rank ?? units,
    width = source + inputs + 1,
    low = rank !== undefined;
  const zStep = width * 64,
    unitStep = units * 64,
    hStep = low ? unitStep : zStep,
    outStep = outputs * 64,
    bodyStep = (plant?.states ?? 0) * 64;
  /** h, z, kappas, gains and dSources of so many steps of rates. */
  const takeSlopes = (rateSteps: number) => {
    const rates = take(rateSteps * hStep);
    return {
      rates,
      sources: low ? take(steps * zStep) : rates,
      kappas: take(low ? steps * rank * 64 : 0),
      gains: take(steps * unitStep),
      dSources: take(steps * zStep),
    };
  };
  const slopes = takeSlopes(steps + 1),
    states = take((steps + 1) * unitStep);
  // without a readout the outputs are what is read, if its rows are no farther apart than those of outputs
  const read = reads === "rates" ? slopes.rates + hStep : states + unitStep,
    readStep = reads === "rates" ? hStep : unitStep,
    outputsAreRead = !weights.readout && !weights.readoutBias && outStep === readStep;
  return {
    source,
    width,
    hStep,
    zStep,
    unitStep,
    outStep,
    bodyStep,
    ...slopes,
    states,
    second: integrator === "heun" ? takeSlopes(steps) : undefined,
    outputs: outputsAreRead ? read : take(steps * outStep),
    dOutputs: take(steps * outStep),
    plantStates: take((steps + 1) * bodyStep),
    dPlantStates: take((steps + 1) * bodyStep),
    noise: take(noisy ? steps * unitStep : 0),
    scales: take(source * 64),
    dScales: take(source * 64),
    carry: take(unitStep),
    drive: take(unitStep),
    dRates: take(unitStep),
    dRead: take(unitStep),
    scratch: take(unitStep),
    zeroRows: take(unitStep),
    room: take(outerRoom, false),
    m: take(units * width * bytes),
    mT: take(units * width * bytes),
    right: take(units * source * bytes),
    rightT: take(units * source * bytes),
    readout: take(outputs * units * bytes),
    readoutT: take(outputs * units * bytes),
    readoutBias: take(outStep),
    dM: take(units * width * 8),
    dRight: take(low ? units * rank * 8 : 0),
    dReadout: take(outputs * units * 8),
    dReadoutBias: take(outputs * 8),
  };
}

/**
 * Copies the weights and their transposes into the memory of the scan, and writes the ones in the last row of every z.
 */
function writeWeights(
  { workspace, bytes, lanes }: Kernels,
  { units, inputs, outputs, steps }: ScanSetting,
  weights: ScanWeights,
  memory: ScanMemory,
): void {
  const { source, width } = memory,
    reals = bytes === 4 ? workspace.f32 : workspace.f64;
  /**
   * Entries of a (rows × columns) matrix become columns `first` … of one whose rows are `stride` long, and rows of its
   * transpose.
   */
  const write = (
    from: Float64Array,
    [rows, columns]: readonly [number, number],
    to: number,
    stride: number,
    toT: number,
    first = 0,
  ) => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        reals[to / bytes + i * stride + first + j] = from[i * columns + j];
        reals[toT / bytes + (first + j) * rows + i] = from[i * columns + j];
      }
  };
  const { left, wIn, bias, right, readout, readoutBias } = weights;
  write(left, [units, source], memory.m, width, memory.mT);
  write(wIn, [units, inputs], memory.m, width, memory.mT, source);
  if (bias) write(bias, [units, 1], memory.m, width, memory.mT, source + inputs);
  if (right) write(right, [units, source], memory.right, source, memory.rightT);
  if (readout) write(readout, [outputs, units], memory.readout, units, memory.readoutT);
  if (readoutBias)
    for (let i = 0; i < outputs; i++)
      reals.fill(readoutBias[i], memory.readoutBias / bytes + i * lanes, memory.readoutBias / bytes + (i + 1) * lanes);
  for (const z of memory.second ? [memory.sources, memory.second.sources] : [memory.sources])
    for (let t = 0; t < steps; t++)
      reals.fill(1, (z + t * memory.zStep + (width - 1) * 64) / bytes, (z + (t + 1) * memory.zStep) / bytes);
}
