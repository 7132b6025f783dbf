import { checkBaseline, kernelMean, type ChoosingOptions } from "../baselines";
import { largestUnder } from "../scores";
import { checkTensor, type Tensor3 } from "../tensor";

/**
 * Deviations from the training mean of each condition, scaled to a size of about 1, 0 outside the training set; and the
 * inverse.
 */
export function deviationsOf(where: string, activity: Tensor3, { train, validation, conditions }: ChoosingOptions) {
  checkTensor(where, "activity", activity, 3);
  checkBaseline(where, activity, { train, validation });
  const mean = kernelMean(where, activity, train, conditions, Number.POSITIVE_INFINITY).data,
    left: Tensor3 = {
      shape: activity.shape,
      data: activity.data.map((x, i) => (train.data[i] === 0 ? 0 : x - mean[i])),
    },
    unit = largestUnder(left, train) || 1,
    x: Tensor3 = { shape: left.shape, data: left.data.map((value) => value / unit) };
  return {
    x,
    mask: withEmptySlices(train),
    /** nothing deviates: the mean is all there is */
    silent: x.data.every((value) => value === 0),
    back: ({ data }: { readonly data: Float64Array }): Tensor3 => ({
      shape: activity.shape,
      data: data.map((value, i) => value * unit + mean[i]),
    }),
  };
}

/** Slices without a training entry count as observed: they do not deviate, which changes no other factor. */
function withEmptySlices({ shape, data }: Tensor3): Tensor3 {
  const [, time, neurons] = shape,
    placesOf = (i: number) => [Math.floor(i / (time * neurons)), Math.floor(i / neurons) % time, i % neurons],
    seen = shape.map((size) => new Uint8Array(size));
  data.forEach((entry, i) => {
    if (entry !== 0) for (const [mode, place] of placesOf(i).entries()) seen[mode][place] = 1;
  });
  return {
    shape,
    data: data.map((entry, i) => (placesOf(i).some((place, mode) => seen[mode][place] === 0) ? 1 : entry)),
  };
}
