/** tensor: the Tensor record, unfoldings and products, masks, maps over parameters. */
export { checkFinite, checkSameShape, checkTensor, indexOf, sizeOf, tensor, zeros, type Matrix, type Shape, type Tensor, type Tensor3, type Vector } from "./tensor";
export { mapParams, paramsNorm, type Params } from "./params";
