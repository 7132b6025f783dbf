import { gunzipSync } from "node:zlib";
import { oracle } from "./oracle";

type Name = "plain" | "odd" | "nwb" | "columns" | "mat" | "mat_kinds" | "claims";

/** Files as h5py writes them: of all kinds of datasets, of NWB, and of MATLAB 7.3. */
export function hdf5Files(): Record<Name, Uint8Array> {
  const packed = oracle("hdf5") as Record<string, string>;
  const entries = Object.entries(packed).map(([name, text]) => [
    name,
    Uint8Array.from(gunzipSync(Buffer.from(text, "base64"))),
  ]);
  return Object.fromEntries(entries) as Record<Name, Uint8Array>;
}
