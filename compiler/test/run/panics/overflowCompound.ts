// A compound assignment computes at the type of its target, and writes nothing when the result does not fit.

class Level {
  value: u8;
}
const level = new Level();

function say(_message: Message, place: string): never {
  log.info(`${level.value} at ${place}`);
  tessera_test_exit(3);
}
bindPanic(say);

declare function tessera_test_exit(code: i32): never;

export function main(): void {
  level.value = 15;
  level.value *= 17;
  log.info(`${level.value}`);
  level.value *= 2;
}
