/** linalg: SVD, eigenvalues, least squares, numerical ranks, principal angles; the only door to ml-matrix. */
export { singularValues, svd, type Svd } from "./svd";
export { cholesky, solveSymmetric, symmetricEigen, type SymmetricSolution } from "./symmetric";
export { leastSquares, pseudoInverse } from "./least-squares";
export { multilinearRank, numericalRank, type MultilinearRank, type NumericalRank, type RankOptions } from "./rank";
export { firstColumns, orthonormalBasis, principalAngles } from "./subspaces";
export { haarTimes } from "./haar";
