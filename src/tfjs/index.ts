/** tfjs: networks as tfjs operations, losses and heads in tfjs, tensors there and back; the only door to tfjs-core. */
import "@tensorflow/tfjs-core/dist/register_all_gradients"; // in Node, tfjs-core itself registers none

export { fromTfjs, toTfjs } from "./convert";
export { linear } from "./linear";
export type { TfjsParams } from "./scan-op";
export { networkOp, type NetworkOp, type OpOptions } from "./network-op";
export type { HeadOptions, HeadTensors } from "./head-tensors";
export { tfjsHead } from "./tfjs-head";
export { tfjsLoss, type LossView } from "./tfjs-loss";
export { paramsOf, variablesOf } from "./variables";
