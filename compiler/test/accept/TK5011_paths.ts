type Step = (depth: u32) => void;
function first(depth: u32): void {
  assert(depth < 4, "too deep");
}
function second(depth: u32): void {
  first(depth);
  first(depth + 1);
}
const STEPS: FixedArray<Step, 2> = [first, second];
/** Has another type, so no Step can be it. */
function through(depth: u32): u32 {
  STEPS[depth](depth);
  return depth;
}
function onPanic(message: Message, place: string): never {
  first(5);
  panic("a panic within");
}
bindPanic(onPanic);
function dispatch(): void {
  void through(1);
}
exportTrap("dispatch", dispatch);
function elsewhere(depth: u32): u32 {
  return depth === 0 ? 0 : elsewhere(depth - 1);
}
export function main(): void {
  log.info(`${elsewhere(3)}`);
}
