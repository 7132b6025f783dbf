import { outerRoom, type Kernels } from "./kernel-set";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/**
 * Where everything of a scan lies, one panel at a time: addresses of arrays `[step][row][lane]`, taken once and used for panel after panel.
 *
 * The drive of a step is one product `M z` with `M = [left | W_in | b]` and `z = [source; u; 1]`, where the source is `h = phi(x)` for full weights and
 * `c * (right' h)` for low rank. So the gradient in M is one outer product, and `M' g` holds the gradients in source and inputs. For full weights z and h
 * are the same memory.
 */
export interface ScanMemory {
  /** rows of the source, and of z */
  readonly source: number;
  readonly width: number;
  /** from one step to the next, in bytes: of h, of z, of rows as many as units, as outputs, as the plant's states */
  readonly hStep: number;
  readonly zStep: number;
  readonly unitStep: number;
  readonly outStep: number;
  readonly bodyStep: number;
  /** x_0 .. x_T; the caller writes x_0 */
  readonly states: number;
  /** h_0 .. h_T */
  readonly rates: number;
  /** z_0 .. z_{T-1}; the caller writes the inputs' rows but for the plant's feedback */
  readonly sources: number;
  /** right' h_t before trials scale it (low rank) */
  readonly kappas: number;
  /** alpha lambda_{t+1}: the gradient in the drive */
  readonly gains: number;
  /** M' of the gains: the gradients in sources and inputs */
  readonly dSources: number;
  /** what Heun's second slope needs of its own: h, z, kappa, gains and dSources at the predicted states */
  readonly second?: {
    readonly rates: number;
    readonly sources: number;
    readonly kappas: number;
    readonly gains: number;
    readonly dSources: number;
  };
  /** y_1 .. y_T, the same memory as what is read where there is no readout to make them; and dL/dy, which the loss writes */
  readonly outputs: number;
  readonly dOutputs: number;
  /** s_0 .. s_T and the loss's own gradient in them */
  readonly plantStates: number;
  readonly dPlantStates: number;
  readonly noise: number;
  /** factors of the panel's trials (rank rows), and the gradient in them */
  readonly scales: number;
  readonly dScales: number;
  /** lambda_0, at last; before, the part of lambda that passes by the rates */
  readonly carry: number;
  readonly drive: number;
  readonly dRates: number;
  readonly dRead: number;
  readonly scratch: number;
  readonly zeroRows: number;
  /** for the outer product to lay its rows out in */
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

export function scanMemory(kernels: Kernels, setting: ScanSetting, weights: ScanWeights): ScanMemory {
  const { units, rank, inputs, outputs, steps, plant, noisy, integrator } = setting,
    { workspace, bytes, lanes } = kernels;
  const source = rank ?? units,
    width = source + inputs + 1,
    low = rank !== undefined,
    heun = integrator === "heun";
  const zStep = width * 64,
    unitStep = units * 64,
    hStep = low ? unitStep : zStep,
    outStep = outputs * 64,
    bodyStep = (plant?.states ?? 0) * 64;
  const rates = workspace.take((steps + 1) * hStep),
    sources = low ? workspace.take(steps * zStep) : rates;
  const slopes = () => {
    const h = workspace.take(steps * hStep);
    return {
      rates: h,
      sources: low ? workspace.take(steps * zStep) : h,
      kappas: workspace.take(low ? steps * rank * 64 : 0),
      gains: workspace.take(steps * unitStep),
      dSources: workspace.take(steps * zStep),
    };
  };
  const states = workspace.take((steps + 1) * unitStep),
    read = setting.reads === "rates" ? rates + hStep : states + unitStep;
  const same = !weights.readout && !weights.readoutBias && outStep === (setting.reads === "rates" ? hStep : unitStep); // outputs are what is read
  const memory: ScanMemory = {
    source,
    width,
    hStep,
    zStep,
    unitStep,
    outStep,
    bodyStep,
    rates,
    sources,
    states,
    kappas: workspace.take(low ? steps * rank * 64 : 0),
    gains: workspace.take(steps * unitStep),
    dSources: workspace.take(steps * zStep),
    second: heun ? slopes() : undefined,
    outputs: same ? read : workspace.take(steps * outStep),
    dOutputs: workspace.take(steps * outStep),
    plantStates: workspace.take((steps + 1) * bodyStep),
    dPlantStates: workspace.take((steps + 1) * bodyStep),
    noise: workspace.take(noisy ? steps * unitStep : 0),
    scales: workspace.take(source * 64),
    dScales: workspace.take(source * 64),
    carry: workspace.take(unitStep),
    drive: workspace.take(unitStep),
    dRates: workspace.take(unitStep),
    dRead: workspace.take(unitStep),
    scratch: workspace.take(unitStep),
    zeroRows: workspace.take(unitStep),
    room: workspace.take(outerRoom, false),
    m: workspace.take(units * width * bytes),
    mT: workspace.take(units * width * bytes),
    right: workspace.take(units * source * bytes),
    rightT: workspace.take(units * source * bytes),
    readout: workspace.take(outputs * units * bytes),
    readoutT: workspace.take(outputs * units * bytes),
    readoutBias: workspace.take(outStep),
    dM: workspace.take(units * width * 8),
    dRight: workspace.take(low ? units * rank * 8 : 0),
    dReadout: workspace.take(outputs * units * 8),
    dReadoutBias: workspace.take(outputs * 8),
  };
  const reals = bytes === 4 ? workspace.f32 : workspace.f64;
  /** A matrix, and its transpose, whose rows are `stride` numbers long. */
  const lay = (
    from: Float64Array,
    rows: number,
    columns: number,
    to: number,
    stride: number,
    toT: number,
    column = 0,
  ) => {
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, at++) {
        reals[to / bytes + i * stride + column + j] = from[at];
        reals[toT / bytes + (column + j) * rows + i] = from[at];
      }
  };
  lay(weights.left, units, source, memory.m, width, memory.mT);
  lay(weights.wIn, units, inputs, memory.m, width, memory.mT, source);
  if (weights.bias) lay(weights.bias, units, 1, memory.m, width, memory.mT, source + inputs);
  if (weights.right) lay(weights.right, units, source, memory.right, source, memory.rightT);
  if (weights.readout) lay(weights.readout, outputs, units, memory.readout, units, memory.readoutT);
  if (weights.readoutBias)
    for (let i = 0; i < outputs * lanes; i++)
      reals[memory.readoutBias / bytes + i] = weights.readoutBias[(i / lanes) | 0];
  for (const z of [sources, ...(memory.second ? [memory.second.sources] : [])])
    for (let t = 0; t < steps; t++)
      reals.fill(1, (z + t * zStep + (width - 1) * 64) / bytes, (z + (t + 1) * zStep) / bytes);
  return memory;
}
