/** hdf5: NWB, HDF5 and MATLAB 7.3 files; the only door to h5wasm. */
export type { Hdf5Content } from "./content";
export { readHdf5, type ReadHdf5Options } from "./read-hdf5";
export { readNwb, type NwbSession, type ReadNwbOptions } from "./read-nwb";
export { readMat73, type ReadMat73Options } from "./read-mat73";
