/** Elements of a MAT-file, little-endian: a tag, and bytes padded to eight. */
export const element = (type: number, bytes: ArrayLike<number>): number[] => [
  ...bytesOf32(type, bytes.length),
  ...Array.from(bytes),
  ...new Array<number>(-bytes.length & 7).fill(0),
];
export const bytesOf32 = (...words: number[]): number[] => Array.from(new Uint8Array(Uint32Array.from(words).buffer));
export const letters = (text: string): number[] => Array.from(new TextEncoder().encode(text));
export const doubles = (...numbers: number[]): number[] =>
  Array.from(new Uint8Array(Float64Array.from(numbers).buffer));
export const array = (flags: number, shape: readonly number[], name: string, ...rest: number[][]): number[] =>
  element(14, [
    ...element(6, bytesOf32(flags, 0)),
    ...element(5, bytesOf32(...shape)),
    ...element(1, letters(name)),
    ...rest.flat(),
  ]);
export const fileOf = (...variables: number[][]): Uint8Array =>
  Uint8Array.from([...letters("MATLAB 5.0".padEnd(124)), 0, 1, ...letters("IM"), ...variables.flat()]);
/** A struct of one entry; field names are 16 bytes wide. */
export const struct = (name: string, fields: readonly (readonly [string, number[]])[]): number[] =>
  array(
    2,
    [1, 1],
    name,
    element(5, bytesOf32(16)),
    element(
      1,
      fields.flatMap(([field]) => letters(field.padEnd(16, "\0"))),
    ),
    ...fields.map(([, value]) => value),
  );
export const number = (value: number) => array(6, [1, 1], "", element(9, doubles(value))),
  complex = (name: string) => array(0x806, [1, 1], name, element(9, doubles(1)), element(9, doubles(2))),
  handle = array(16, [1, 1], "", number(1));
