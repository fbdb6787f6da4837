// exportC gives a function a C symbol; `declare function` calls a C symbol. Here both ends are TypeScript.

import { useTwice } from "./caller";

function twice(value: u64): u64 {
  return value * 2n;
}
exportC("tessera_test_twice", twice);

export function main(): void {
  log.info(`${useTwice(21n)} ${twice(4n)}`);
}
