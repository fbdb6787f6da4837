function sum(left: u32, right: i32): i32 {
  return i32(left) + right;
}
function narrow(left: u16, right: i32): i32 {
  return left + right;
}
export function main(): void {
  log.info(`${sum(1, 2)} ${narrow(1, 2)}`);
}
