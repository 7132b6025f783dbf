/** Addresses of scripts that a page has agreed to, where it requires Trusted Types. */
interface Policy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined; // made on first use; a page may allow one of a name only

/**
 * The address of a worker's script, by a policy named "ltrnn" where the engine has Trusted Types: a page that requires
 * them takes no plain text. A page may forbid the policy; then the address stays text, and the worker does not start.
 *
 * @see https://www.w3.org/TR/trusted-types
 */
export function trustedScriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  try {
    policy ??= trustedTypes.createPolicy("ltrnn", { createScriptURL: (address) => address });
    return policy.createScriptURL(url);
  } catch {
    return url;
  }
}
