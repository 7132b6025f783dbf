import { isNear, mapParams, type Params } from "../tensor";

/**
 * The parameters that are independent and normal about 0 under a prior, found from its gradient: the inverse variance
 * of each, 0 where nothing is assumed. A name is left out where its gradient is not a number times the parameter, since
 * the prior then has another form.
 *
 * @param energy - minus the logarithm of the prior, beside its gradient
 * @param like - parameters of the shapes that it takes
 */
export function normalPrecisions(
  energy: (params: Params) => readonly [value: number, gradient: Params],
  like: Params,
): Params {
  const [first, second] = [0.618, 0.414].map((turn) => probeOf(like, turn)),
    slopes = energy(first)[1],
    others = energy(second)[1],
    precisions = mapParams(like, (_, name) => precisionOf(first[name]?.data, slopes[name]?.data));
  const linear = ([name, x]: readonly [string, Params[string]]): boolean =>
    x !== undefined && isNear(x.data, precisionOf(second[name]?.data, others[name]?.data));
  return Object.fromEntries(Object.entries(precisions).filter(linear));
}

/** From 1 to 2, different in every parameter, so that a slope tells which are in it. */
function probeOf(like: Params, turn: number): Params {
  let at = 0;
  return mapParams(like, (data) => data.map(() => 1 + ((at++ * turn) % 1)));
}

const precisionOf = (probe: Float64Array | undefined, slope: Float64Array | undefined): Float64Array =>
  (probe ?? new Float64Array(0)).map((x, i) => (slope?.[i] ?? 0) / x);
