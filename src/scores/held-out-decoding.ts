import { failingAs } from "../base";
import { zeros, type Tensor3 } from "../tensor";
import { decodingR2 } from "./decoding-r2";

/**
 * R² of behavior decoded from a prediction: learned on bins without a scored entry, scored on those with one; null
 * where there are too few of either.
 */
export function heldOutDecoding(where: string, prediction: Tensor3, behavior: Tensor3, over: Tensor3): number | null {
  const [trials, time, neurons] = prediction.shape,
    channels = behavior.shape[2],
    bins = trials * time,
    scored = Uint8Array.from({ length: bins }, (_, i) =>
      over.data.subarray(i * neurons, (i + 1) * neurons).includes(1) ? 1 : 0,
    );
  let counts = [0, 0];
  const only = (kind: number): Tensor3 => {
    const kept = zeros(behavior.shape);
    kept.data.set(behavior.data);
    for (let i = 0; i < bins; i++) {
      const row = kept.data.subarray(i * channels, (i + 1) * channels);
      if (scored[i] !== kind) row.fill(Number.NaN);
      else if (!row.every(Number.isNaN)) counts = counts.map((count, at) => count + (at === kind ? 1 : 0));
    }
    return kept;
  };
  const [train, test] = [0, 1].map((kind) => ({ rates: prediction, behavior: only(kind) }));
  if (counts[0] < 5 || counts[1] < 2) return null;
  return failingAs(where, () => decodingR2(train, test)).r2;
}
