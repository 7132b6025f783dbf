// What the module of counts exports: all in float64.
import { countsLoss } from "./counts-loss";

export { countsLoss };
