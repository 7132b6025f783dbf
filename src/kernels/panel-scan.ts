import type { PanelTargets } from "./compare";
import { type Kernels, rowBytes } from "./kernel-set";
import { allFinite, firstNonFinite, type NonFinite } from "./non-finite";
import { packGradients, packPanel, unpackPanel, type Rows } from "./panel";
import { scan } from "./scan";
import { scanGradients } from "./scan-gradients";
import { scanMemory } from "./scan-memory";
import type { ScanGradients, ScanSetting, ScanWeights } from "./scan-setting";
import { scanSnapshot } from "./scan-snapshot";

/** What of a panel can be read, `[step][row][lane]`. */
export type PanelArray =
  /** x_0 .. x_T */
  | "states"
  /** phi(x_0) .. phi(x_T), and without the first */
  | "rates"
  | "laterRates"
  /** y_1 .. y_T */
  | "outputs"
  /** s_0 .. s_T */
  | "plantStates"
  /** what a loss compares: outputs, or the plant's states s_1 .. s_T */
  | "seen"
  /** the gradients in the drive: alpha lambda_1 .. alpha lambda_T, for an integrator of one stage */
  | "dDrive"
  /** lambda_0 */
  | "startAdjoints"
  | "inputGradients";

/** What of a panel is written or summed lane by lane: one trial's rows. */
export type LaneArray = "starts" | "scales" | "noise" | "rateWeights" | "startAdjoints" | "scaleGradients";

/** One panel after another: trials side by side in the workspace, whose memory is used again for each. */
export interface PanelScan {
  readonly kernels: Kernels;
  /** the next panel begins with this trial */
  begin(first: number): void;
  /** one lane's rows, from a position in `source` on */
  writeLane(array: LaneArray, lane: number, source: Float64Array, from: number): void;
  /** adds one lane's rows to `sums`, from a position on */
  addLane(array: LaneArray, lane: number, sums: Float64Array, to: number): void;
  /** @returns how many entries are not finite */
  writeInputs(inputs: Rows): number;
  /** what corrects the states of a filter. @returns how many observed entries are not finite */
  writeObserved(observed: Rows, mask: Rows | undefined): number;
  forward(): void;
  /**
   * from the gradients that `compare` or `writeGradients` wrote; adds to `gradients()`. @returns the penalty of rates
   */
  backward(): number;
  /** into the rows of the panel's trials, counted from the first of `into` */
  read(array: PanelArray, into: Rows, offset?: number): void;
  /** the first entry that is not finite, over the lanes of trials */
  firstNonFinite(array: "states" | "plantStates" | "outputs", lanes: number): NonFinite | undefined;
  /**
   * the loss against targets, whose derivative is written for the backward pass; undefined where an observed target is
   * not finite
   */
  compare(targets: PanelTargets): number | undefined;
  /** dL/dy of what a loss sees. @returns whether all are finite */
  writeGradients(dSeen: Rows): boolean;
  /** copies of what a backward pass reads, over `old` where they fit, and back */
  keep(old?: readonly Uint8Array[]): Uint8Array[];
  recall(kept: readonly Uint8Array[]): void;
  /** summed over all panels that went backward */
  gradients(): ScanGradients;
}

/**
 * Takes the memory of a scan over panels; to be called within the workspace. `masked`, `validated`: whether targets
 * have such masks.
 */
export function panelScan(
  kernels: Kernels,
  setting: ScanSetting,
  weights: ScanWeights,
  { masked = false, validated = false } = {},
): PanelScan {
  const { units, steps, outputs, plant, inputs, rank = 0 } = setting,
    { workspace, lanes, bytes } = kernels;
  const memory = scanMemory(kernels, setting, weights),
    external = inputs - (plant?.feedback ?? 0),
    seenRows = plant ? plant.states : outputs;
  const inputStaging = workspace.take(lanes * steps * external * 8),
    targetStaging = workspace.take((masked || validated ? 2 : 1) * lanes * steps * seenRows * 8),
    observedStaging = workspace.take((weights.filterGain ? 2 : 0) * lanes * steps * outputs * 8),
    unread = validated ? workspace.take(steps * seenRows * rowBytes) : 0, // targets of a loss without a derivative
    room = workspace.take(seenRows * 16);
  const { forward, backward } = scan(kernels, setting, weights, memory),
    snapshot = scanSnapshot(kernels, setting, weights, memory),
    inputRows = memory.sourceRows * rowBytes;

  const arrays: Readonly<Record<PanelArray, readonly [address: number, step: number]>> = {
    states: [memory.states, memory.unitStep],
    rates: [memory.rates, memory.hStep],
    laterRates: [memory.rates + memory.hStep, memory.hStep],
    outputs: [memory.outputs, memory.outStep],
    plantStates: [memory.plantStates, memory.plantStep],
    seen: plant ? [memory.plantStates + memory.plantStep, memory.plantStep] : [memory.outputs, memory.outStep],
    dDrive: [memory.dDrive, memory.unitStep],
    startAdjoints: [memory.carry, memory.unitStep],
    inputGradients: [memory.dSources + inputRows, memory.zStep],
  };
  const laneArrays: Readonly<Record<LaneArray, readonly [address: number, rows: number]>> = {
    starts: [memory.states, units],
    scales: [memory.scales, rank],
    noise: [memory.noise, steps * units],
    rateWeights: [memory.rateWeights, steps],
    startAdjoints: [memory.carry, units],
    scaleGradients: [memory.dScales, rank],
  };
  const [seen] = arrays.seen,
    dSeen = plant ? memory.dPlantStates + memory.plantStep : memory.dOutputs,
    numbers = () => (bytes === 4 ? workspace.f32 : workspace.f64);
  let first = 0;

  /** The plant adds to dL/dy, so it begins at 0. */
  const clearOutputGradients = () => {
    if (plant) workspace.bytes.fill(0, memory.dOutputs, memory.dOutputs + steps * memory.outStep);
  };

  return {
    kernels,
    begin: (trial) => {
      first = trial;
    },
    writeLane(array, lane, source, from) {
      const [address, rows] = laneArrays[array],
        m = numbers();
      for (let row = 0, to = address / bytes + lane; row < rows; row++, to += lanes) m[to] = source[from + row];
    },
    addLane(array, lane, sums, to) {
      const [address, rows] = laneArrays[array],
        m = numbers();
      for (let row = 0, from = address / bytes + lane; row < rows; row++, from += lanes) sums[to + row] += m[from];
    },
    writeInputs: (rows) => packPanel(kernels, memory.sources + inputRows, memory.zStep, rows, first, inputStaging),
    writeObserved(observed, mask) {
      const bad = packPanel(kernels, memory.observed, memory.outStep, observed, first, observedStaging, {
          mask,
          missing: true,
        }),
        m = numbers(),
        count = (steps * memory.outStep) / bytes;
      for (
        let i = 0, x = memory.observed / bytes, seenAt = memory.observedMask / bytes;
        i < count;
        i++, x++, seenAt++
      ) {
        m[seenAt] = Number.isNaN(m[x]) ? 0 : 1;
        if (m[seenAt] === 0) m[x] = 0;
      }
      return bad;
    },
    forward,
    backward,
    read(array, into, offset = 0) {
      const [address, step] = arrays[array];
      unpackPanel(into, kernels, address, step, first - offset);
    },
    firstNonFinite(array, count) {
      const [address, step] = arrays[array],
        m = numbers();
      // a state that is not finite stays so to the end of its trial: the last step tells of all
      if (array === "states" && allFinite(m, (address + steps * step) / bytes, units * lanes)) return undefined;
      const times = array === "outputs" ? steps : steps + 1,
        rows = array === "states" ? units : array === "outputs" ? outputs : seenRows;
      return firstNonFinite(m, { address: address / bytes, step: step / bytes, times, rows, lanes, count });
    },
    compare({ targets, mask, scale, slopes, compare }) {
      const place = scale === undefined ? unread : dSeen;
      if (scale !== undefined) clearOutputGradients();
      const bad = packPanel(kernels, place, seenRows * rowBytes, targets, first, targetStaging, {
        mask,
        missing: true,
      });
      if (bad > 0) return undefined;
      const gradient = scale === undefined ? 0 : place,
        sizes = { rows: steps * seenRows, columns: seenRows };
      return compare({ kernels, outputs: seen, targets: place, gradient, ...sizes, scale: scale ?? 0, room, slopes });
    },
    writeGradients(rows) {
      clearOutputGradients();
      return packGradients(kernels, dSeen, seenRows * rowBytes, rows, first);
    },
    keep: snapshot.keep,
    recall: snapshot.recall,
    gradients: () => scanGradients(kernels, setting, weights, memory),
  };
}
