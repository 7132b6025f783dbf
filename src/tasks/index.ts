/** tasks: a seed and a few numbers in, trials (inputs, targets, plants) out. */
export { pointMass, type PointMassOptions } from "./point-mass";
export { plantFrom } from "./plant-from";
export { reaching, type Reaching, type ReachingOptions } from "./reaching";
export { lateralError } from "./lateral-error";
