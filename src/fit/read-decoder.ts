import { activationOf, type Activation } from "../kernels";
import { isCustom, type Loss } from "../losses";
import { decoderKind, decoderOf, type Decoder, type DecoderFreedom } from "../parts";
import type { Params, Tensor3 } from "../tensor";
import { checkReach } from "./check-reach";
import { choiceOf, headOf } from "./decoder-choice";
import type { GivenFit } from "./fit-options";
import { linkedUnit, plainUnit, pooledUnit, rateUnit, type OutputUnit } from "./output-unit";
import { spreadOf } from "./spread";

/** A decoder for this activity, with what is remarkable about the activity. */
export interface FitDecoder {
  readonly decoder: Decoder;
  /** in which its outputs are those of the activity, or those that the loss takes into expected activity */
  readonly unit: OutputUnit;
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
  { decoder: option, network: { phi } }: GivenFit,
  loss: Loss,
  units: number,
): FitDecoder {
  const spread = spreadOf(where, activity, train),
    { constantNeurons, deviation } = spread,
    neurons = activity.shape[2],
    choice = choiceOf(option);
  if (!choice)
    return {
      decoder: noDecoder(headOf(option)?.name ?? ""),
      unit: plainUnit(neurons),
      constantNeurons,
      outOfReach: 0,
      variance: deviation * deviation,
    };
  const kind = decoderKind(choice.kind),
    { matrix } = kind,
    outputAt = isCustom(loss) ? undefined : loss.outputAt,
    usual: DecoderFreedom = outputAt && !matrix ? { gain: "shared", bias: "learned" } : kind.freedom,
    freedom: DecoderFreedom = { gain: choice.gain ?? usual.gain, bias: choice.bias ?? usual.bias };
  const unit = outputAt
    ? linkedUnit(outputAt, spread)
    : matrix
      ? pooledUnit(spread)
      : rateUnit(activity, train, phi, freedom, spread);
  return {
    decoder: decoderOf({ kind: choice.kind, ...freedom }, kind, { neurons, units }, constantNeurons),
    unit,
    constantNeurons,
    outOfReach: !matrix && !outputAt && isBound(freedom, phi) ? checkReach(where, activity, train, phi, spread) : 0,
    variance: (deviation / unit.scale) * (deviation / unit.scale),
  };
}

/** Whether the range of neurons is that of rates: no bias shifts it, and no gain scales it. */
function isBound({ gain, bias }: DecoderFreedom, phi: Activation): boolean {
  const [least, most] = activationOf(phi).range;
  return bias === "fixed" && (gain === "fixed" || !Number.isFinite(most - least));
}

/** Before a head, outputs are the rates. */
const noDecoder = (name: string): Decoder =>
  Object.assign((): readonly [Params, () => Params] => [{}, () => ({})], {
    description: { kind: "head", name },
    names: [],
    start: (): Params => ({}),
  });
