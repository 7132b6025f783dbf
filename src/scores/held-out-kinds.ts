import { zeros, type Tensor3 } from "../tensor";

/**
 * Entries of `over` by what was held out: those of neurons without a training entry in their trial, at bins where other
 * neurons have one; and those of bins after the last one with a training entry in their trial.
 */
export function heldOutKinds(train: Tensor3, over: Tensor3): { readonly neurons: Tensor3; readonly future: Tensor3 } {
  const [trials, time, units] = over.shape,
    neurons = zeros(over.shape),
    future = zeros(over.shape);
  for (let k = 0; k < trials; k++) {
    const trained = new Uint8Array(units),
      bins = new Uint8Array(time);
    let last = time; // without a training entry there is no past to predict from
    for (let t = 0; t < time; t++)
      for (let n = 0; n < units; n++)
        if (train.data[(k * time + t) * units + n] !== 0) {
          trained[n] = bins[t] = 1;
          last = t;
        }
    for (let t = 0; t < time; t++)
      for (let n = 0; n < units; n++) {
        const at = (k * time + t) * units + n;
        if (over.data[at] === 0) continue;
        if (bins[t] === 1 && trained[n] === 0) neurons.data[at] = 1;
        if (t > last) future.data[at] = 1;
      }
  }
  return { neurons, future };
}
