import type { Kernels } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";

/** What of a step is done unit by unit: the leak, by one alpha or by one for every unit, and the activation. */
export interface Leak {
  /** `h = phi(x)` */
  activate(h: number, x: number): void;
  /** `xNext = x + share alpha (drive - x)`, `hNext = phi(xNext)` */
  advance(xNext: number, hNext: number, x: number, share: number): void;
  /** `out = x + share alpha y` */
  add(out: number, x: number, share: number, y: number): void;
  /**
   * `lambda = carry + phi' (dRates + dRead)`, or with dRead outside phi' where states are read; `g = share alpha
   * lambda`, `carry = lambda - g`. `inner`: see {@link StageMemory}
   */
  adjoint(g: number, dRates: number, dRead: number, inner: number, share: number): void;
  /** `carry += phi' dRates`: lambda, of which no part has gone into a drive */
  lambda(dRates: number, inner: number): void;
  /** `out = phi' dRates` */
  pull(out: number, dRates: number, inner: number): void;
  /** where phi' of a stage at step t is computed from: rates, or states for a custom activation */
  innerOf(stage: StageMemory, t: number): number;
}

/** What a step of the scan works with: kernels, memory, the leak, and the recurrence of each of its stages. */
export interface StepContext extends Leak {
  readonly kernels: Kernels;
  readonly memory: ScanMemory;
  readonly units: number;
  readonly inputs: number;
  /** memory.drive = W h_t + W_in u_t + b of a stage, from its rates */
  driveFrom(stage: StageMemory, t: number): void;
  /** W' g of a stage, beside the gradients in its sources and inputs. @returns the address of W' g */
  pullBack(stage: StageMemory, t: number): number;
}

/** One explicit integration step beside its adjoint. */
export interface Stepper {
  /** evaluations of the slope a step: each has a {@link StageMemory}, the first at x_t itself */
  readonly stages: number;
  /** whether `forward` writes phi(x_{t+1}) too */
  readonly activates: boolean;
  /** x_{t+1} from x_t */
  forward(step: StepContext, t: number): void;
  /**
   * From memory.carry, the part of lambda_{t+1} that does not pass through the rates, `dRates`, the address of
   * dL/dh_{t+1} through later states, and `dRead`, that of the readout's gradient: writes dDrive of every
   * stage (the gradients in its drive) and the new memory.carry. @returns the address of dL/dh_t
   */
  backward(step: StepContext, t: number, dRates: number, dRead: number): number;
}
