// bindPanic takes over what panic, assertions and checks call; the place arrives as a string.

declare function tessera_test_exit(code: i32): never;

function handle(message: Message, place: string): never {
  for (const part of messageParts(message)) log.info(`${part.kind} [${part.text}] ${part.value}`);
  log.info(place);
  tessera_test_exit(3);
}
bindPanic(handle);

const values = new FixedArray<u32, 2>();

export function main(): void {
  let index: u32 = 1;
  values[index] = 1;
  index += 4;
  values[index] = 1;
}
