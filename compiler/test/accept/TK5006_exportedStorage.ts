class Stack {
  bytes: FixedArray<u8, 4096>;
}
const stack = new Stack();
exportC("shared_stack", stack);
export function main(): void {
  log.info(`${stack.bytes[0]}`);
}
