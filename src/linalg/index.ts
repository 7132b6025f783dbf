/** linalg: SVD, eigenvalues, linear systems, numerical ranks, k-ranks, principal angles; the only door to ml-matrix. */
export { singularValues, svd, type Svd } from "./svd";
export { cholesky, solveSymmetric, symmetricEigen, type SymmetricSolution } from "./symmetric";
export { eigenvectors } from "./eigenvectors";
export { pseudoInverse } from "./pseudo-inverse";
export { multilinearRank, numericalRank, type MultilinearRank, type NumericalRank, type RankOptions } from "./rank";
export { firstColumns, orthonormalBasis, principalAngles } from "./subspaces";
export { orthonormalColumns } from "./orthonormal-columns";
export { haarTimes } from "./haar";
export { kRank } from "./k-rank";
export { kruskalUnique, type KruskalUniqueness } from "./kruskal-unique";
export { genericRank, maximalRankAtMost } from "./rank-of-shape";
