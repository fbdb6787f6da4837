import { Kind } from "./shape";

/** The import is circular on purpose: constants and enums refer to each other across files. */
export const LIMIT: u32 = 100;

export function isCircle(kind: Kind): bool {
  return kind === Kind.Circle;
}
