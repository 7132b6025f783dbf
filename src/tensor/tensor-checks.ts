import { checkFinite, checkTensor } from "./check";
import type { Tensor } from "./shape";

/** Refuse what is no tensor of three modes; for tables of options, as all of these. */
export const checkTensor3 = (where: string, name: string, value: unknown): void => checkTensor(where, name, value, 3);

/** Refuse what is no finite vector. */
export const finiteVector = (where: string, name: string, value: unknown): void => finiteOf(where, name, value, 1);

/** Refuse what is no finite matrix. */
export const finiteMatrix = (where: string, name: string, value: unknown): void => finiteOf(where, name, value, 2);

/** Refuse what is no finite tensor of three modes. */
export const finiteTensor3 = (where: string, name: string, value: unknown): void => finiteOf(where, name, value, 3);

function finiteOf(where: string, name: string, value: unknown, modes: number): void {
  checkTensor(where, name, value, modes);
  checkFinite(where, name, value as Tensor);
}
