// Functions of type never end the paths that call them.

function die(x: u32): never {
  panic(`${x}`);
}
function spin(): never {
  for (;;) {}
}
function f(x: u32): u32 {
  if (x === 1) die(3);
  if (x === 2) spin();
  return x;
}
function g(x: u32): u32 {
  while (true) {
    if (x === 3) return 1;
  }
}
function h(x: u32): u32 {
  if (x > 3) {
    return 1;
  } else {
    panic("x");
  }
}
export function main(): void {
  log.info(`${f(5)} ${g(3)} ${h(4)}`);
  return;
}
