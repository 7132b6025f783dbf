// What the module of contractions exports: all in float64.
import { complete } from "./complete";
import { contractLeft, gramOfColumns } from "./contract-left";
import { contractRight, contractRightT, gramOfRows } from "./contract-right";
import { sumColumns, sumRows } from "./sum-rows";

export { complete, contractLeft, contractRight, contractRightT, gramOfColumns, gramOfRows, sumColumns, sumRows };
