// What the module of counts exports: all in float64.
import { sortPlaces, splitCounts } from "./count-places";
import { exponential, flat, logistic, odds, overModel, timesModel, writeAt } from "./count-terms";

export { exponential, flat, logistic, odds, overModel, sortPlaces, splitCounts, timesModel, writeAt };
