function first(): u32 {
  return 1;
}
function second(): u32 {
  return (log.info("x"), first()); // error TK1015
}
export function main(): void {
  log.info(`${second()}`);
}
