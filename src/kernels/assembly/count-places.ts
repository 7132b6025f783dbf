/** The doubles 1 and 2, as bits. */
const bitsOf1: i64 = 0x3ff0000000000000,
  bitsOf2: i64 = 0x4000000000000000;

/** Counts up to this have a bin of their own. */
const most: f64 = 255;

/**
 * Places among the `count` numbers x, at most 65536, of 16 bits each: of the ones, of the twos, and of all that is
 * neither these nor 0; one place more is written at the end of each list. How many there are becomes three numbers of
 * 32 bits at `lengths`.
 */
export function splitCounts(x: usize, count: i32, ones: usize, twos: usize, others: usize, lengths: usize): void {
  let to1 = ones,
    to2 = twos,
    to3 = others;
  for (let i = 0; i < count; i++, x += 8) {
    const value = load<i64>(x),
      is1 = <usize>(value == bitsOf1),
      is2 = <usize>(value == bitsOf2);
    store<u16>(to1, <u16>i);
    store<u16>(to2, <u16>i);
    store<u16>(to3, <u16>i);
    to1 += 2 * is1;
    to2 += 2 * is2;
    to3 += 2 * (<usize>(value != 0) - is1 - is2);
  }
  store<i32>(lengths, <i32>(to1 - ones) >> 1);
  store<i32>(lengths, <i32>(to2 - twos) >> 1, 4);
  store<i32>(lengths, <i32>(to3 - others) >> 1, 8);
}

/**
 * Sorts so many places by what x has there: first what is no count (bin 0), then -1 (bin 1), then 0, 1, up to 255 (bins
 * 2 to 257), then counts beyond (bin 258). The end of each bin in `out` becomes a number of 32 bits.
 */
export function sortPlaces(x: usize, places: usize, count: i32, out: usize, ends: usize): void {
  memory.fill(ends, 0, 4 * 260);
  const end = places + 2 * <usize>count,
    starts = ends + 4; // filling a bin moves its start to its end, so that it is the start of the next
  for (let at = places; at < end; at += 2) {
    const bin = starts + 4 * binOf(load<f64>(x + 8 * <usize>load<u16>(at)));
    store<i32>(bin, load<i32>(bin) + 1);
  }
  for (let bin = 1; bin < 260; bin++)
    store<i32>(ends + 4 * bin, load<i32>(ends + 4 * bin) + load<i32>(ends + 4 * (bin - 1)));
  for (let at = places; at < end; at += 2) {
    const place = load<u16>(at),
      bin = ends + 4 * binOf(load<f64>(x + 8 * <usize>place)),
      to = load<i32>(bin);
    store<u16>(out + 2 * <usize>to, place);
    store<i32>(bin, to + 1);
  }
}

// @ts-ignore: decorator
@inline
function binOf(value: f64): usize {
  if (value >= -1 && value <= most) {
    const whole = <i32>value;
    return <f64>whole == value ? <usize>(whole + 2) : 0;
  }
  return value > most && value <= 9007199254740991 && floor(value) == value ? 258 : 0;
}
