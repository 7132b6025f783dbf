/** phi, by name, so that a model stays plain data. */
export type Activation = "tanh" | "relu" | "softplus" | "identity";
/** In the order in which kernels number them. */
export const activations: readonly Activation[] = ["tanh", "relu", "softplus", "identity"];
