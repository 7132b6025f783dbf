/** data: reads and writes files: NumPy's .npy and .npz, MATLAB files, tables; results, fits and models as JSON. */
export { numbersFromJson, numbersToJson, type JsonNumber, type SpecialNumber } from "./special-numbers";
export { toJson } from "./to-json";
export { fromJson } from "./from-json";
export type { NpyArray, NpyBigInts, NpyContent, NpyText } from "./npy-array";
export type { Int64 } from "./npy-numbers";
export type { UnpackLimit } from "./unpack-limit";
export { readNpy, type ReadNpyOptions } from "./read-npy";
export { readNpz, type ReadNpzOptions } from "./read-npz";
export { listNpz, type ListNpzOptions, type NpzEntry } from "./list-npz";
export { writeNpy } from "./write-npy";
export { writeNpz } from "./write-npz";
export { readTable, type ReadTableOptions, type Table, type TableColumn } from "./read-table";
export { tableToTensor, type LabelledTensor, type LongTableOptions } from "./table-to-tensor";
export type { MatArray, MatCells, MatContent, MatStruct, MatText } from "./mat-content";
export { readMat, type ReadMatOptions } from "./read-mat";
export { writeMat } from "./write-mat";
