// What the module of contractions exports: all in float64.
import { complete } from "./complete";
import { contractLeft } from "./contract-left";
import { contractRight } from "./contract-right";

export { complete, contractLeft, contractRight };
