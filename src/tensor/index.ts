/** tensor: the Tensor record, unfoldings and products, maps over parameters. */
export {
  indexOf,
  shapeText,
  sizeOf,
  type Matrix,
  type ModesOf,
  type Shape,
  type Tensor,
  type Tensor3,
  type Vector,
} from "./shape";
export { checkFinite, checkMask, checkSameShape, checkShape, checkTensor } from "./check";
export { checkTensor3, finiteMatrix, finiteTensor3, finiteVector } from "./tensor-checks";
export { tensor, zeros, zerosFor } from "./tensor";
export { fold, unfold } from "./unfold";
export { checkFactors, khatriRao } from "./khatri-rao";
export { mttkrp } from "./mttkrp";
export { modeProduct } from "./mode-product";
export { matmul, transpose } from "./matmul";
export { gram, modeGram } from "./gram";
export { hadamard, subtract } from "./entrywise";
export { lengthOf, norm } from "./norm";
export { largestOf } from "./largest-of";
export { isNear } from "./is-near";
export { largestEntry, mapParams, parameterCount, paramsNorm, type Params } from "./params";
export { concat } from "./concat";
export { permute } from "./permute";
export { select } from "./select";
export { slice, type Range } from "./slice";
export { identity } from "./identity";
export { kronecker } from "./kronecker";
export { inner, outer, tensordot } from "./tensordot";
export { multiModeProduct } from "./multi-mode-product";
export { unfoldModes } from "./unfold-modes";
