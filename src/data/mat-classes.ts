/** Classes of arrays by their number, as in the format's own table. */
export const matClasses = [
  "",
  "cell",
  "struct",
  "object",
  "char",
  "sparse",
  "double",
  "single",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "function_handle",
  "opaque",
];

/** Whether values of this class are numbers. */
export function isNumeric(kind: string): boolean {
  const code = matClasses.indexOf(kind);
  return kind === "logical" || (code >= matClasses.indexOf("double") && code <= matClasses.indexOf("uint64"));
}

/** The largest depth of cells and structs within one another. */
export const deepest = 64;
