// Functions and variables named like those of the C library and of the runtime.

function printf(x: u32): u32 {
  return x;
}
function memcpy(a: u32): u32 {
  return printf(a);
}
function ts_panic(): u32 {
  return 1;
}
let stdout: u32 = 1;
export function main(): void {
  const self: u32 = 1;
  const t0: u32 = 2;
  const t1 = memcpy(3);
  const NULL: u32 = 3;
  const items: u32 = 4;
  const length: u32 = 5;
  log.info(`${self + t0 + t1 + NULL + items + length + ts_panic() + stdout}`);
}
