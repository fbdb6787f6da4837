type Action = (value: u32) => u32;
function apply(action: Action): u32 {
  return action(1);
}
export function main(): void {
  log.info(`${apply((value) => value + 1)}`); // error TK1005
}
