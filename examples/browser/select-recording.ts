import { permute, slice, spikesToTensor, type Label, type Tensor3 } from "ltrnn";
import type { Source } from "./source";

/** Activity (trials × time × neurons) with labels of trials. */
export interface Recording {
  readonly activity: Tensor3;
  readonly conditions?: readonly Label[];
  readonly epochs?: readonly Label[];
}

/** What of a source is fitted. Ranges hold their first index and not their last. */
export interface Selection {
  /** empty for spikes */
  readonly array: string;
  /** which modes of the array are trials, time, neurons */
  readonly order: readonly number[];
  /**
   * how spikes become an array, times in seconds about the event; bins after `until`, where it is named, are missing
   */
  readonly align: {
    readonly event: string;
    readonly until: string;
    readonly from: number;
    readonly to: number;
    readonly binWidth: number;
  };
  /** names of labels, or empty */
  readonly conditions: string;
  readonly epochs: string;
  readonly trials: readonly [first: number, end: number];
  readonly bins: readonly [first: number, end: number];
}

/** All trials and bins of the array, or of the spikes, that a selection names. */
export function wholeActivity(source: Source, { array, order, align }: Selection): Tensor3 {
  if (!source.spikes) return permute(source.arrays[array], order) as Tensor3;
  const { event, until, from, to, binWidth } = align;
  const { shape, data } = spikesToTensor(source.spikes, {
    align: source.labels[event].map(Number),
    window: [from, to],
    binWidth,
    ...(until ? { until: source.labels[until].map(Number) } : {}),
  });
  return { shape, data };
}

export function selectRecording(source: Source, selection: Selection): Recording {
  const whole = wholeActivity(source, selection),
    { trials, bins } = selection;
  const labels = (what: string, name: string): readonly Label[] | undefined => {
    if (name === "") return undefined;
    const list = source.labels[name];
    if (list.length !== whole.shape[0])
      throw new Error(`${what}: expected ${whole.shape[0]} labels, one per trial, got ${list.length} in ${name}.`);
    return list.slice(...trials);
  };
  const conditions = labels("Conditions", selection.conditions),
    epochs = labels("Epochs", selection.epochs);
  return {
    activity: slice(whole, [trials, bins]),
    ...(conditions ? { conditions } : {}),
    ...(epochs ? { epochs } : {}),
  };
}
