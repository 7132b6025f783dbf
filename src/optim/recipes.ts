import { accumulate, scaleByAdam, scaleByRate, type Betas } from "./parts";
import { chain, type Schedule, type Transform } from "./transform";

/** Plain gradient descent: `p <- p - rate g`. It preserves the span of gradients. @example sgd(0.1).span.preserved // true */
export const sgd = (rate: Schedule): Transform => chain(scaleByRate(rate));

/** Gradient descent with momentum, heavy ball or Nesterov. It preserves the span of gradients. @example momentum(0.1, { nesterov: true }).span.preserved // true */
export const momentum = (
  rate: Schedule,
  { beta = 0.9, nesterov = false }: { readonly beta?: number; readonly nesterov?: boolean } = {},
): Transform => chain(accumulate(beta, nesterov), scaleByRate(rate));

/** Adam (Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1). It leaves the span of gradients. @example adam(1e-3).span.preserved // false */
export const adam = (rate: Schedule, betas?: Betas): Transform => chain(scaleByAdam(betas), scaleByRate(rate));
