import { checksum } from "../base";
import type { Params, Tensor } from "../tensor";

/** A short digest of a tensor, which tells it from others. */
export interface TensorDigest {
  readonly shape: readonly number[];
  readonly checksum: string;
}

const digestOf = ({ shape, data }: Tensor): TensorDigest => ({ shape: [...shape], checksum: checksum(data) });

/** The digests of the parameters that are present. */
export const digestsOf = (params: Params): Readonly<Record<string, TensorDigest>> =>
  Object.fromEntries(Object.entries(params).flatMap(([name, p]) => (p ? [[name, digestOf(p)]] : [])));
