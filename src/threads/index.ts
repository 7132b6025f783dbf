/** threads: worker threads that answer messages, and arrays in memory that all of them see. */
export { openPool, type Pool } from "./pool";
export { serve, type Served } from "./serve";
export { shareArray } from "./share-array";
