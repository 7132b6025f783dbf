import { checksum } from "../base";
import type { Params, Tensor } from "../tensor";

/** A tensor in a few words: enough to tell it from another. */
export interface TensorDigest {
  readonly shape: readonly number[];
  readonly checksum: string;
}

const digestOf = ({ shape, data }: Tensor): TensorDigest => ({ shape: [...shape], checksum: checksum(data) });

/** The digests of those parameters that are there. */
export const digestsOf = (params: Params): Readonly<Record<string, TensorDigest>> =>
  Object.fromEntries(Object.entries(params).flatMap(([name, p]) => (p ? [[name, digestOf(p)]] : [])));
