// The place of a panic is where the check stands, in the module that holds it.

import { pick } from "./picker";

export function main(): void {
  log.info(`${pick(1)}`);
  log.info(`${pick(3)}`);
}
