/** data: bytes in, tensors out (npy, npz, json); encode and decode of our records. */
export { toJson } from "./to-json";
export { fromJson } from "./from-json";
export { numbersFromJson, numbersToJson, type JsonNumber } from "./special-numbers";
export { readNpy, type NpyArray } from "./read-npy";
export { listNpz, readNpz, type NpzEntry } from "./read-npz";
export { writeNpy, writeNpz } from "./write-npy";
