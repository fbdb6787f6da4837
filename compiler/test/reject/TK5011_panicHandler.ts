function drain(depth: u32): void {
  if (depth > 0) drain(depth - 1); // error TK5011
}
function onPanic(message: Message, place: string): never {
  drain(2);
  panic("once more");
}
bindPanic(onPanic);
function dispatch(): void {}
exportTrap("dispatch", dispatch);
export function main(): void {}
