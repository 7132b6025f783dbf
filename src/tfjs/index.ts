/** tfjs: networks as differentiable tfjs operations, losses and heads written in tfjs, and tensors there and back; the only door to tfjs-core. */
import "@tensorflow/tfjs-core/dist/register_all_gradients"; // in Node, tfjs-core itself registers none

export { fromTfjs, toTfjs } from "./convert";
export { linear } from "./linear";
export { networkOp, type NetworkOp, type OpOptions, type TfjsParams } from "./network-op";
export { tfjsHead, tfjsLoss, type HeadOptions, type LossView } from "./own";
export { paramsOf, variablesOf } from "./variables";
