/** data: bytes in, tensors out (npy, npz, json); encode and decode of our records. */
export { fromJson, toJson } from "./json";
export { readNpy, type NpyArray } from "./read-npy";
export { listNpz, readNpz, type NpzEntry } from "./read-npz";
export { writeNpy, writeNpz } from "./write-npy";
