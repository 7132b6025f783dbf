import type { Tensor3 } from "../tensor";
import { checkReach } from "./check-reach";
import { plainDecoder, type Decoder } from "./decoder";
import type { GivenFit } from "./fit-options";
import { identityDecoder } from "./identity-decoder";
import { linearDecoder } from "./linear-decoder";
import { spreadOf } from "./spread";

/** A decoder for this activity, with what is remarkable about the activity. */
export interface FitDecoder {
  readonly decoder: Decoder;
  /** neurons whose training entries do not vary */
  readonly constantNeurons: readonly number[];
  /** share of the variance that lies beyond the activation's range */
  readonly outOfReach: number;
  /** of the training entries about their neurons' means, in the unit that they are fitted in */
  readonly variance: number;
}

/** The option `decoder` as a decoder, which also says in what unit the activity is fitted. */
export function readDecoder(
  where: string,
  activity: Tensor3,
  train: Tensor3,
  { decoder, network: { phi } }: GivenFit,
  units: number,
): FitDecoder {
  const spread = spreadOf(where, activity, train),
    { constantNeurons } = spread;
  const of = (made: Decoder, outOfReach = 0): FitDecoder => ({
    decoder: made,
    constantNeurons,
    outOfReach,
    variance: (spread.deviation / made.scale) * (spread.deviation / made.scale),
  });
  if (decoder === "linear") return of(linearDecoder(activity, spread, units));
  if (decoder !== "identity") return of(plainDecoder({ kind: "head", name: decoder.name }, activity));
  const outOfReach = checkReach(where, activity, train, phi, spread);
  return of(identityDecoder(activity, phi, spread), outOfReach);
}
