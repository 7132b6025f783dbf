/** linalg: SVD, eigenvalues, linear systems, numerical ranks, k-ranks, principal angles; the only door to ml-matrix. */
export { singularValues, svd, type Svd } from "./svd";
export { symmetricEigen, type SymmetricEigen } from "./symmetric-eigen";
export { cholesky } from "./cholesky";
export { solveSymmetric, type SymmetricSolution } from "./solve-symmetric";
export { eigenvectors } from "./eigenvectors";
export type { ToleranceOptions } from "./tolerance";
export { pseudoInverse } from "./pseudo-inverse";
export { numericalRank, type NumericalRank, type RankOptions } from "./numerical-rank";
export { multilinearRank, type MultilinearRank } from "./multilinear-rank";
export { firstColumns } from "./columns";
export { orthonormalBasis } from "./orthonormal-basis";
export { orthonormalColumns } from "./orthonormal-columns";
export { principalAngles } from "./principal-angles";
export { haarTimes } from "./haar";
export { kRank, type KRankOptions } from "./k-rank";
export { kruskalUnique, type KruskalUniqueness } from "./kruskal-unique";
export { genericRank, maximalRankAtMost } from "./rank-of-shape";
