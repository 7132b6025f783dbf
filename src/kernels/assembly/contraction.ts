// What the module of contractions exports: all in float64.
import { complete } from "./complete";
import { left } from "./contract-left";
import { right } from "./contract-right";
import { sumColumns, sumRows } from "./sum-rows";

export { complete, left, right, sumColumns, sumRows };
