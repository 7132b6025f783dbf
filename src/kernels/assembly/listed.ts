// What the module of listed entries exports.
import { listedProducts } from "./listed-products";

export { listedProducts };
