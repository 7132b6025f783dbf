import { checkFinite, checkTensor } from "./check";
import type { Tensor } from "./shape";

/** Refuse what is not a tensor of three modes. All functions here are checks for tables of options. */
export const checkTensor3 = (where: string, name: string, value: unknown): void => checkTensor(where, name, value, 3);

/** Refuse what is not a finite vector. */
export const finiteVector = (where: string, name: string, value: unknown): void => finiteOf(where, name, value, 1);

/** Refuse what is not a finite matrix. */
export const finiteMatrix = (where: string, name: string, value: unknown): void => finiteOf(where, name, value, 2);

/** Refuse what is not a finite tensor of three modes. */
export const finiteTensor3 = (where: string, name: string, value: unknown): void => finiteOf(where, name, value, 3);

function finiteOf(where: string, name: string, value: unknown, modes: number): void {
  checkTensor(where, name, value, modes);
  checkFinite(where, name, value as Tensor);
}
