import type { TransformKind } from "./transform";
import * as transforms from "./transforms";

/** Everything that `transforms.ts` names and that says what a kind of transform is. */
export const transformKinds = (): readonly TransformKind[] =>
  Object.values<unknown>(transforms).filter((value) => typeof value === "object") as readonly TransformKind[];

/** What is known of a kind of transform; undefined for a custom one. */
export const kindOf = (kind: unknown): TransformKind | undefined => transformKinds().find((one) => one.kind === kind);
