/** cli: the command line `ltrnn`, a thin shell over the library: files in, numbers and files out. */
export { exitCodes, UsageError, type Call, type Command, type Terminal } from "./command";
export { checkOutput, writeOutput } from "./output";
export { arraysIn, readData, type CommandData } from "./read-data";
export { progressOn, tableText } from "./progress";
export type { Analysis } from "./analyze-recording";
export { sentencesOf } from "./analysis-text";
export { analyzeCommand } from "./analyze-command";
export { fitCommand } from "./fit-command";
export { cpCommand } from "./cp-command";
export { cvCommand } from "./cv-command";
export { boundCommand } from "./bound-command";
export { convertCommand } from "./convert-command";
export { runJobCommand } from "./run-job-command";
export { runCommand } from "./run-command";
