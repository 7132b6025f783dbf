// A process that continues a fit from a file, and writes how it ended: `tsx continue-fit.mts EARLIER LATER`.
import { readFileSync, writeFileSync } from "node:fs";
import { fromJson, toJson } from "../../src/data";
import { fitLowTensorRank, type LowTensorRankFit } from "../../src/fit";
import { resumable } from "./resumable-fit";

const [, , earlier, later] = process.argv;
const start = fromJson(readFileSync(earlier, "utf8")) as LowTensorRankFit;
const { activity, options } = resumable();
const end = await fitLowTensorRank(activity, 2, { ...options, start });
writeFileSync(later, toJson({ prediction: end.prediction, params: end.model.params, starts: end.starts }));
