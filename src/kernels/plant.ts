/**
 * A body that the network moves, stepped inside the scan: `s_{t+1} = step(s_t, y_{t+1})`, one trial at a time.
 * The network's outputs are its controls; its state can come back to the network as input.
 */
export interface Plant {
  /** entries of the plant's state */
  readonly states: number;
  /** how many outputs of the network it takes */
  readonly controls: number;
  /** how many entries of the state are inputs of the network too, after those of the trial; 0 for none */
  readonly feedback: number;
  /** the first of these entries; default 0 */
  readonly feedbackFrom?: number;
  /** the plant as plain data, for provenance and snapshots; absent: a custom plant */
  readonly description?: { readonly kind: string; readonly [fact: string]: unknown };
  /** write s_0 */
  init(state: Float64Array): void;
  /** write the next state */
  step(next: Float64Array, state: Float64Array, control: Float64Array): void;
  /** `dState += (∂next/∂state)' dNext` and `dControl += (∂next/∂control)' dNext` */
  stepAdjoint(
    dState: Float64Array,
    dControl: Float64Array,
    dNext: Float64Array,
    state: Float64Array,
    control: Float64Array,
  ): void;
}

/** A plant as plain data; one without a description is custom. */
export const describePlant = (plant: Plant | undefined): Plant["description"] =>
  plant && (plant.description ?? { kind: "custom" });
