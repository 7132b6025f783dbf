/** What one evaluation of the slope leaves at every step; in the first stage of a step, at x_t itself. */
export interface StageMemory {
  /** h_0 .. h_T, in later stages up to T - 1 */
  readonly rates: number;
  /**
   * where the slope is evaluated, x_0 .. x_T in the first stage. Later stages keep theirs for a custom activation only,
   * whose derivative is taken from states; otherwise every step has the same rows
   */
  readonly states: number;
  readonly stateStep: number;
  /**
   * z_0 .. z_{T-1}; in the first stage the caller writes the rows of the inputs, except those of the plant's feedback
   */
  readonly sources: number;
  /** kappa_t = right' h_t, before c multiplies it (low rank) */
  readonly kappas: number;
  /** the gradients in the drive: with one stage, alpha lambda_{t+1} */
  readonly dDrive: number;
  /** M' of dDrive: the gradients in sources and inputs */
  readonly dSources: number;
}

/**
 * Addresses of all arrays of a scan, `[step][row][lane]`, which every panel of trials uses in turn.
 *
 * The drive of a step is one product `M z` with `M = [left | W_in | b]` and `z = [source; u; 1]`, where the source is
 * `h = phi(x)` for full weights and `c * (right' h)` for low rank. So the gradient in M is one outer product, and `M'
 * g` holds the gradients in source and inputs. For full weights h is the first rows of z, in the same memory.
 */
export interface ScanMemory extends StageMemory {
  /** rows of the source, and of z */
  readonly sourceRows: number;
  readonly zRows: number;
  /** bytes from one step to the next: of h, of z, of a row for each unit, each output, each state of the plant */
  readonly hStep: number;
  readonly zStep: number;
  readonly unitStep: number;
  readonly outStep: number;
  readonly plantStep: number;
  /** x_0 .. x_T; the caller writes x_0 */
  readonly states: number;
  /** alpha of every unit, and rows to multiply in, where units differ in it */
  readonly alphas: number;
  readonly leaked: number;
  /** the same arrays of a {@link StageMemory} at the predicted states, for the later slopes of an integration step */
  readonly later: readonly StageMemory[];
  /** y_1 .. y_T, without a readout the memory of the rates or states; and dL/dy, which the loss writes */
  readonly outputs: number;
  readonly dOutputs: number;
  /** s_0 .. s_T, and dL/ds through the loss alone, which the loss writes */
  readonly plantStates: number;
  readonly dPlantStates: number;
  readonly noise: number;
  /** a row for each step: what penalties of the rates there are multiplied by */
  readonly rateWeights: number;
  /** with a filter: what was observed at y_1 .. y_T (0 where nothing was), and 1 where something was */
  readonly observed: number;
  readonly observedMask: number;
  /** observed less y, and the gradient in one of them */
  readonly innovations: number;
  /** of counts, in their outputs */
  readonly innovationSlopes: number;
  readonly dInnovation: number;
  /** x and phi(x) before they are corrected, and lambda of the corrected states */
  readonly predictedStates: number;
  readonly predictedRates: number;
  readonly corrections: number;
  /** c of the panel's trials (rank rows), from the parameter `perTrial`: `z = c * kappa`; and the gradient in c */
  readonly scales: number;
  readonly dScales: number;
  /** the part of lambda that does not pass through the rates; after the backward pass, lambda_0 */
  readonly carry: number;
  readonly drive: number;
  readonly dRates: number;
  readonly dRead: number;
  readonly scratch: number;
  readonly zeroRows: number;
  /** scratch memory of the outer product */
  readonly room: number;
  /** weights in the precision of the kernels */
  readonly m: number;
  readonly mT: number;
  readonly right: number;
  readonly rightT: number;
  readonly static: number;
  readonly staticT: number;
  readonly filterGain: number;
  readonly filterGainT: number;
  readonly readout: number;
  readonly readoutT: number;
  /** without a readout: a row for each output, and the gradients of a panel in them */
  readonly readoutGain: number;
  readonly dGains: number;
  readonly readoutBias: number;
  /** gradients, float64 */
  readonly dM: number;
  readonly dRight: number;
  readonly dStatic: number;
  readonly dFilterGain: number;
  readonly dReadout: number;
  readonly dReadoutGain: number;
  readonly dReadoutBias: number;
}
