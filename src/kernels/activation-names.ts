/**
 * The activations by name, in the order in which kernels number them, apart from their functions in `activations.ts`:
 * what only asks for a name, such as a bound, comes without them. A new one goes to the end.
 */
export const activations = ["tanh", "relu", "softplus", "identity"] as const;

/** phi, by name, so that a model stays plain data. */
export type Activation = (typeof activations)[number];
