/** Counts up to this have a bin of their own. */
const most: f64 = 255;

/** Its sum with a whole number has that in the lowest bits. */
const shift: f64 = 6755399441055744;

/**
 * Places among the `count` numbers x, at most 65536, of 16 bits each: of the ones, of the twos, and of all that is
 * neither these nor 0; up to eight places more are written at the end of each list. How many there are becomes three
 * numbers of 32 bits at `lengths`.
 *
 * @param table - for each set of places among eight, in the order of their bits, these places
 */
export function splitCounts(
  x: usize,
  count: i32,
  ones: usize,
  twos: usize,
  others: usize,
  lengths: usize,
  table: usize,
): void {
  let to1 = ones,
    to2 = twos,
    to3 = others,
    i = 0;
  const zero = f64x2.splat(0),
    one = f64x2.splat(1),
    two = f64x2.splat(2);
  for (; i + 8 <= count; i += 8, x += 64) {
    const a = v128.load(x),
      b = v128.load(x, 16),
      c = v128.load(x, 32),
      d = v128.load(x, 48),
      is0 = bitsOf(f64x2.eq(a, zero), f64x2.eq(b, zero), f64x2.eq(c, zero), f64x2.eq(d, zero));
    if (is0 == 255) continue;
    const is1 = bitsOf(f64x2.eq(a, one), f64x2.eq(b, one), f64x2.eq(c, one), f64x2.eq(d, one)),
      is2 = bitsOf(f64x2.eq(a, two), f64x2.eq(b, two), f64x2.eq(c, two), f64x2.eq(d, two)),
      first = i16x8.splat(<i16>i);
    to1 = list(to1, is1, first, table);
    to2 = list(to2, is2, first, table);
    to3 = list(to3, 255 - is0 - is1 - is2, first, table);
  }
  for (; i < count; i++, x += 8) {
    const value = load<f64>(x),
      is1 = <usize>(value == 1),
      is2 = <usize>(value == 2);
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

/** One bit for each of eight masks of 64 bits. */
// @ts-ignore: decorator
@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128): i32 {
  const ab = i32x4.shuffle(a, b, 0, 2, 4, 6),
    cd = i32x4.shuffle(c, d, 0, 2, 4, 6);
  return i16x8.bitmask(i16x8.narrow_i32x4_s(ab, cd));
}

// @ts-ignore: decorator
@inline
function list(to: usize, bits: i32, first: v128, table: usize): usize {
  v128.store(to, i16x8.add(v128.load(table + 16 * <usize>bits), first));
  return to + 2 * <usize>popcnt(bits);
}

/**
 * Sorts so many places by what x has there: first what is no count (bin 0), then -1 (bin 1), then 0, 1, up to 255 (bins
 * 2 to 257), then counts beyond (bin 258). The end of each bin in `out` becomes a number of 32 bits at `ends`.
 *
 * @param scratch - room for as many numbers of 16 bits as there are places
 */
export function sortPlaces(x: usize, places: usize, count: i32, out: usize, ends: usize, scratch: usize): void {
  memory.fill(ends, 0, 4 * 260);
  const end = places + 2 * <usize>count,
    starts = ends + 4; // filling a bin moves its start to its end, so that it is the start of the next
  for (let at = places, to = scratch; at < end; at += 2, to += 2) {
    const bin = binOf(load<f64>(x + 8 * <usize>load<u16>(at)));
    store<u16>(to, <u16>bin);
    store<i32>(starts + 4 * bin, load<i32>(starts + 4 * bin) + 1);
  }
  for (let bin = 1; bin < 260; bin++)
    store<i32>(ends + 4 * bin, load<i32>(ends + 4 * bin) + load<i32>(ends + 4 * (bin - 1)));
  for (let at = places, from = scratch; at < end; at += 2, from += 2) {
    const bin = ends + 4 * <usize>load<u16>(from),
      to = load<i32>(bin);
    store<u16>(out + 2 * <usize>to, load<u16>(at));
    store<i32>(bin, to + 1);
  }
}

// @ts-ignore: decorator
@inline
function binOf(value: f64): usize {
  if (value >= -1 && value <= most) {
    const shifted = value + shift;
    return shifted - shift == value ? <usize>(<i32>reinterpret<i64>(shifted) + 2) : 0;
  }
  return value > most && value <= 9007199254740991 && floor(value) == value ? 258 : 0;
}
