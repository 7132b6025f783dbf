/** tensor: the Tensor record, unfoldings and products, masks, maps over parameters. */
export {
  checkFinite,
  checkSameShape,
  checkTensor,
  indexOf,
  sizeOf,
  tensor,
  zeros,
  type Matrix,
  type Shape,
  type Tensor,
  type Tensor3,
  type Vector,
} from "./tensor";
export { fold, unfold } from "./unfold";
export { checkFactors, khatriRao } from "./khatri-rao";
export { mttkrp } from "./mttkrp";
export { gram, hadamard, matmul, modeGram, modeProduct, norm, subtract, transpose } from "./products";
export { blockMask, type BlockMask, type BlockMaskOptions } from "./block-mask";
export { largestEntry, mapParams, paramsNorm, type Params } from "./params";
export { concat } from "./concat";
export { permute } from "./permute";
export { select } from "./select";
export { slice, type Range } from "./slice";
