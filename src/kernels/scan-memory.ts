import { isCustomActivation } from "./custom-activation";
import { gained } from "./gained";
import { steppers } from "./integrators";
import { type Kernels, outerRoom, rowBytes } from "./kernel-set";
import { reserve } from "./reserve";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/** Takes the memory of a scan, all at once, and copies the weights into it in the precision of the kernels. */
export function scanMemory(kernels: Kernels, setting: ScanSetting, weights: ScanWeights): ScanMemory {
  const { workspace, bytes } = kernels;
  reserve(workspace, (take) => void addressesOf(take, setting, weights, bytes));
  const memory = addressesOf((count, clear) => workspace.take(count, clear), setting, weights, bytes);
  writeWeights(kernels, setting, weights, memory);
  return memory;
}

function addressesOf(
  take: (count: number, clear?: boolean) => number,
  {
    units,
    rank,
    inputs,
    outputs,
    steps,
    plant,
    noisy,
    ratePenalty,
    integrator,
    reads,
    alpha,
    phi,
    innovation,
    gain = 1,
  }: ScanSetting,
  weights: ScanWeights,
  bytes: number,
): ScanMemory {
  const sourceRows = rank ?? units,
    zRows = sourceRows + inputs + 1,
    low = rank !== undefined,
    statics = weights.static ? units * units : 0,
    filtered = weights.filterGain ? 1 : 0,
    diagonal = weights.readoutGain && !weights.readout ? 1 : 0;
  const zStep = zRows * rowBytes,
    unitStep = units * rowBytes,
    hStep = low ? unitStep : zStep,
    outStep = outputs * rowBytes,
    plantStep = (plant?.states ?? 0) * rowBytes;
  /** h, z, kappas, dDrive and dSources of so many steps of rates. */
  const takeStage = (rateSteps: number): Omit<StageMemory, "states" | "stateStep"> => {
    const rates = take(rateSteps * hStep);
    return {
      rates,
      sources: low ? take(steps * zStep) : rates,
      kappas: take(low ? steps * rank * rowBytes : 0),
      dDrive: take(steps * unitStep),
      dSources: take(steps * zStep),
    };
  };
  const first = takeStage(steps + 1),
    states = take((steps + 1) * unitStep);
  const scratch = take(unitStep),
    ownStates = isCustomActivation(phi),
    perUnit = typeof alpha === "number" ? 0 : unitStep;
  /** Later stages of an integration step: their states lie in scratch unless a derivative is taken from them. */
  const takeLater = (): StageMemory => ({
    ...takeStage(steps),
    states: ownStates ? take(steps * unitStep) : scratch,
    stateStep: ownStates ? unitStep : 0,
  });
  // without a readout the outputs are what is read, if its rows are no farther apart than those of outputs
  const read = reads === "rates" ? first.rates + hStep : states + unitStep,
    readStep = reads === "rates" ? hStep : unitStep,
    asRead = gain === 1 && !weights.readout && !weights.readoutGain && !weights.readoutBias,
    outputsAreRead = !filtered && asRead && outStep === readStep;
  return {
    sourceRows,
    zRows,
    hStep,
    zStep,
    unitStep,
    outStep,
    plantStep,
    ...first,
    states,
    stateStep: unitStep,
    alphas: take(perUnit),
    leaked: take(perUnit),
    later: Array.from({ length: steppers[integrator].stages - 1 }, takeLater),
    outputs: outputsAreRead ? read : take(steps * outStep),
    dOutputs: take(steps * outStep),
    plantStates: take((steps + 1) * plantStep),
    dPlantStates: take((steps + 1) * plantStep),
    noise: take(noisy ? steps * unitStep : 0),
    rateWeights: take(ratePenalty ? steps * rowBytes : 0),
    observed: take(filtered * steps * outStep),
    observedMask: take(filtered * steps * outStep),
    innovations: take(filtered * steps * outStep),
    innovationSlopes: take(innovation ? filtered * steps * outStep : 0),
    dInnovation: take(filtered * outStep),
    predictedStates: take(filtered * (steps + 1) * unitStep),
    predictedRates: take(filtered * (steps + 1) * unitStep),
    corrections: take(filtered * (steps + 1) * unitStep),
    scales: take(sourceRows * rowBytes),
    dScales: take(sourceRows * rowBytes),
    carry: take(unitStep),
    drive: take(unitStep),
    dRates: take(unitStep),
    dRead: take(unitStep),
    scratch,
    zeroRows: take(unitStep),
    room: take(outerRoom, false),
    m: take(units * zRows * bytes),
    mT: take(units * zRows * bytes),
    right: take(units * sourceRows * bytes),
    rightT: take(units * sourceRows * bytes),
    static: take(statics * bytes),
    staticT: take(statics * bytes),
    filterGain: take(filtered * units * outputs * bytes),
    filterGainT: take(filtered * units * outputs * bytes),
    readout: take(outputs * units * bytes),
    readoutT: take(outputs * units * bytes),
    readoutGain: take(diagonal * outStep),
    dGains: take(diagonal * outStep),
    readoutBias: take(outStep),
    dM: take(units * zRows * 8),
    dRight: take(low ? units * rank * 8 : 0),
    dStatic: take(statics * 8),
    dFilterGain: take(filtered * units * outputs * 8),
    dReadout: take(outputs * units * 8),
    dReadoutGain: take(diagonal * outputs * 8),
    dReadoutBias: take(outputs * 8),
  };
}

/**
 * Copies the weights and their transposes into the memory of the scan, and writes the ones in the last row of every z.
 */
function writeWeights(
  { workspace, bytes, lanes }: Kernels,
  { units, inputs, outputs, steps, alpha, gain = 1 }: ScanSetting,
  weights: ScanWeights,
  memory: ScanMemory,
): void {
  const { sourceRows, zRows } = memory,
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
  /** One number on every lane of a row. */
  const spread = (from: Float64Array, to: number, factor = 1) => {
    for (let i = 0; i < from.length; i++)
      reals.fill(factor * from[i], to / bytes + i * lanes, to / bytes + (i + 1) * lanes);
  };
  const { left, wIn, bias, right, static: w0, filterGain, readout, readoutGain, readoutBias } = weights;
  write(left, [units, sourceRows], memory.m, zRows, memory.mT);
  write(wIn, [units, inputs], memory.m, zRows, memory.mT, sourceRows);
  if (bias) write(bias, [units, 1], memory.m, zRows, memory.mT, sourceRows + inputs);
  if (right) write(right, [units, sourceRows], memory.right, sourceRows, memory.rightT);
  if (w0) write(w0, [units, units], memory.static, units, memory.staticT);
  if (filterGain) write(filterGain, [units, outputs], memory.filterGain, outputs, memory.filterGainT);
  if (readout)
    write(gained(readout, units, gain, readoutGain), [outputs, units], memory.readout, units, memory.readoutT);
  else if (readoutGain) spread(readoutGain, memory.readoutGain, gain);
  if (readoutBias) spread(readoutBias, memory.readoutBias);
  if (typeof alpha !== "number") spread(alpha, memory.alphas);
  for (const { sources: z } of [memory, ...memory.later])
    for (let t = 0; t < steps; t++)
      reals.fill(1, (z + t * memory.zStep + (zRows - 1) * rowBytes) / bytes, (z + (t + 1) * memory.zStep) / bytes);
}
