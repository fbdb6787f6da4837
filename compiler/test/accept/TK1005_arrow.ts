type Action = (value: u32) => u32;
function apply(action: Action): u32 {
  return action(1);
}
function increment(value: u32): u32 {
  return value + 1;
}
export function main(): void {
  log.info(`${apply(increment)}`);
}
