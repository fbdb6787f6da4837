function first(): u32 {
  return 1;
}
function second(): u32 {
  log.info("x");
  return first();
}
export function main(): void {
  let b: u32 = second();
  for (let a: u32 = 1; a < 5; a++, b++) log.info(`${a} ${b}`);
}
