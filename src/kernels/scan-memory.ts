import { isCustomActivation } from "./custom-activation";
import { gained } from "./gained";
import { steppers } from "./integrators";
import { type Kernels, outerRoom } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

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
    gain = 1,
  }: ScanSetting,
  weights: ScanWeights,
  bytes: number,
): ScanMemory {
  const source = rank ?? units,
    width = source + inputs + 1,
    low = rank !== undefined,
    fixed = weights.fixed ? units * units : 0,
    filtered = weights.filterGain ? 1 : 0,
    diagonal = weights.readoutGain && !weights.readout ? 1 : 0;
  const zStep = width * 64,
    unitStep = units * 64,
    hStep = low ? unitStep : zStep,
    outStep = outputs * 64,
    bodyStep = (plant?.states ?? 0) * 64;
  /** h, z, kappas, gains and dSources of so many steps of rates. */
  const takeStage = (rateSteps: number): Omit<StageMemory, "states" | "stateStep"> => {
    const rates = take(rateSteps * hStep);
    return {
      rates,
      sources: low ? take(steps * zStep) : rates,
      kappas: take(low ? steps * rank * 64 : 0),
      gains: take(steps * unitStep),
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
    source,
    width,
    hStep,
    zStep,
    unitStep,
    outStep,
    bodyStep,
    ...first,
    states,
    stateStep: unitStep,
    alphas: take(perUnit),
    leaked: take(perUnit),
    later: Array.from({ length: steppers[integrator].stages - 1 }, takeLater),
    outputs: outputsAreRead ? read : take(steps * outStep),
    dOutputs: take(steps * outStep),
    plantStates: take((steps + 1) * bodyStep),
    dPlantStates: take((steps + 1) * bodyStep),
    noise: take(noisy ? steps * unitStep : 0),
    rateWeights: take(ratePenalty ? steps * 64 : 0),
    observed: take(filtered * steps * outStep),
    observedMask: take(filtered * steps * outStep),
    innovations: take(filtered * steps * outStep),
    dInnovation: take(filtered * outStep),
    predictedStates: take(filtered * (steps + 1) * unitStep),
    predictedRates: take(filtered * (steps + 1) * unitStep),
    corrections: take(filtered * (steps + 1) * unitStep),
    scales: take(source * 64),
    dScales: take(source * 64),
    carry: take(unitStep),
    drive: take(unitStep),
    dRates: take(unitStep),
    dRead: take(unitStep),
    scratch,
    zeroRows: take(unitStep),
    room: take(outerRoom, false),
    m: take(units * width * bytes),
    mT: take(units * width * bytes),
    right: take(units * source * bytes),
    rightT: take(units * source * bytes),
    fixed: take(fixed * bytes),
    fixedT: take(fixed * bytes),
    filterGain: take(filtered * units * outputs * bytes),
    filterGainT: take(filtered * units * outputs * bytes),
    readout: take(outputs * units * bytes),
    readoutT: take(outputs * units * bytes),
    readoutGain: take(diagonal * outStep),
    dGains: take(diagonal * outStep),
    readoutBias: take(outStep),
    dM: take(units * width * 8),
    dRight: take(low ? units * rank * 8 : 0),
    dFixed: take(fixed * 8),
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
  /** One number on every lane of a row. */
  const spread = (from: Float64Array, to: number, factor = 1) => {
    for (let i = 0; i < from.length; i++)
      reals.fill(factor * from[i], to / bytes + i * lanes, to / bytes + (i + 1) * lanes);
  };
  const { left, wIn, bias, right, fixed, filterGain, readout, readoutGain, readoutBias } = weights;
  write(left, [units, source], memory.m, width, memory.mT);
  write(wIn, [units, inputs], memory.m, width, memory.mT, source);
  if (bias) write(bias, [units, 1], memory.m, width, memory.mT, source + inputs);
  if (right) write(right, [units, source], memory.right, source, memory.rightT);
  if (fixed) write(fixed, [units, units], memory.fixed, units, memory.fixedT);
  if (filterGain) write(filterGain, [units, outputs], memory.filterGain, outputs, memory.filterGainT);
  if (readout)
    write(gained(readout, units, gain, readoutGain), [outputs, units], memory.readout, units, memory.readoutT);
  else if (readoutGain) spread(readoutGain, memory.readoutGain, gain);
  if (readoutBias) spread(readoutBias, memory.readoutBias);
  if (typeof alpha !== "number") spread(alpha, memory.alphas);
  for (const { sources: z } of [memory, ...memory.later])
    for (let t = 0; t < steps; t++)
      reals.fill(1, (z + t * memory.zStep + (width - 1) * 64) / bytes, (z + (t + 1) * memory.zStep) / bytes);
}
