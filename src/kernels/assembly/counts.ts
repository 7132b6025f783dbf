// What the module of models of counts exports: all in float64.
import { sortPlaces, splitCounts } from "./count-places";
import { exponential, flat, logistic, odds, overModel, timesModel, writeAt } from "./count-terms";
import { khatriRaoAdjoint, khatriRaoRows } from "./khatri-rao";
import { lowRank } from "./low-rank";

export { exponential, flat, khatriRaoAdjoint, khatriRaoRows, logistic, lowRank, odds, overModel, sortPlaces, splitCounts, timesModel, writeAt };
