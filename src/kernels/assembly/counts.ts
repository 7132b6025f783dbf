// What the module of models of counts exports: all in float64.
export { sortPlaces, splitCounts } from "./count-places";
export { exponential, flat, logistic, odds, overModel, timesModel, writeAt } from "./count-terms";
export { khatriRaoAdjoint, khatriRaoRows } from "./khatri-rao";
export { lowRank } from "./low-rank";
