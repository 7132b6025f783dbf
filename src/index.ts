/**
 * ltrnn: low-tensor-rank learning of neural dynamics. The rooms in floor order; imports go down only.
 *
 * @module ltrnn
 */

// base: failures that explain themselves, `last`
export { LtrnnError, last, random, version, type Failure, type Provenance, type Random } from "./base";
// tensor: the Tensor record, unfoldings and products, masks
export { blockMask, fold, gram, hadamard, khatriRao, matmul, modeGram, modeProduct, mttkrp, norm, tensor, transpose, unfold, zeros, type BlockMask, type BlockMaskOptions, type Matrix, type Params, type Shape, type Tensor, type Tensor3, type Vector } from "./tensor";
// linalg: numerical ranks and subspaces
export { kRank, multilinearRank, numericalRank, orthonormalBasis, principalAngles, singularValues, svd, symmetricEigen, type MultilinearRank, type NumericalRank, type RankOptions, type Svd } from "./linalg";
// kernels: what a network is made of
export type { Activation, Integrator, Plant, Precision } from "./kernels";
// threads: worker threads
export type { Pool } from "./threads";
// optim: gradient transforms and their recipes
export { accumulate, adam, applyUpdates, chain, clipByNorm, cosineDecay, momentum, scaleByAdam, scaleByRate, sgd, type Betas, type Schedule, type Span, type Transform } from "./optim";
// data: files in and out
export { fromJson, listNpz, readNpy, readNpz, toJson, writeNpy, writeNpz, type NpyArray, type NpzEntry } from "./data";
// rnn: model classes, simulation, gradients
export { FullRankRNN, LowRankRNN, LowTensorRankRNN, backpropagate, defaultSetting, headLoss, lossAndGradient, meanSquaredError, modelFromJson, poissonLoss, simulate, type Backpropagation, type Batch, type Connectivity, type FullRankParams, type Head, type Loss, type LossAndGradient, type LossOptions, type LowRankParams, type LowTensorRankParams, type MeanSquaredError, type ModelJson, type Network, type OwnEvaluation, type OwnLoss, type PoissonLoss, type ProcessNoise, type RandomSpec, type RunOptions, type Seen, type Setting, type SharedParams, type ShippedLoss, type Simulation } from "./rnn";
// tasks: trials from a few numbers
export { lateralError, pointMass, reaching, type PointMassOptions, type Reaching, type ReachingOptions } from "./tasks";
// decompose: CP and Tucker
export { canonical, componentVariance, congruenceMatrix, coreConsistency, cpAdvice, cpAls, cpAlsSweeps, cpDegeneracy, cpFromArrays, cpToArrays, cpToTensor, factorMatchScore, leverage, matchComponents, nonNegative, orthogonal, ridgePenalty, rotatedIncrements, smoothAlong, transform, tucker, tuckerToTensor, type ComponentVariance, type Cp, type CpCompression, type CpConstraint, type CpOptions, type CpResult, type CpStart, type CpStatus, type Degeneracy, type FactorMatch, type Momentum, type StartKind, type TuckerOptions, type TuckerResult } from "./decompose";
// theory: rank bounds and certificates
export { activationRankBound, chebyshevRankBound, compareRanks, cpRankBounds, genericRank, gradientRankBound, kruskalUnique, latentDimensionBound, learningRankBound, learningSubspace, maximalRankAtMost, overlapDescent, overlapFlow, overlapParams, trajectoryCertificate, weightChanges, type Certificate, type CertificateState, type ChebyshevRankBound, type ChebyshevSetup, type CpRankBounds, type CpRankBoundsOptions, type GradientRankBound, type HoldingBound, type HoldingLearningBound, type KruskalUniqueness, type LatentDimensionSetup, type LearningRankBound, type LearningSetup, type LearningSubspace, type LearningSubspaceOptions, type LinearLowRankParams, type OverlapBlocks, type OverlapOptions, type OverlapState, type OverlapTask, type RankComparison, type RankComparisonRow, type RankHistory, type RefusedBound, type TrainingStep } from "./theory";
// train: a stream of snapshots
export { advice, networkObjective, recordWeights, train, trajectoryObjective, type AsyncObjective, type Batches, type Evaluation, type Objective, type Snapshot, type StepOptions, type TrainOptions, type TrainStatus, type Trainable, type WeightRecord } from "./train";
// fit: an ltrRNN to recordings
export { conditionMean, fitLowTensorRank, fitLowTensorRankSteps, gaussianTrialFactors, holdOut, observedMask, smoothModel, smoothedConditionMean, trialCovariance, trialPca, varianceExplained, type Baseline, type BaselineOptions, type FitOptions, type FitStart, type FreeParams, type HoldOut, type HoldOutOptions, type LowTensorRankFit, type TrialFactors, type TrialKernel } from "./fit";
// figures: results as SVG text
export { heatMapFigure, lineFigure, scatterFigure, singularValueFigure, type FigureOptions, type Line, type LineFigureOptions, type Points } from "./figures";
