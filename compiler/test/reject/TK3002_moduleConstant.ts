function compute(): u32 {
  return 1;
}
const VALUE: u32 = compute(); // error TK3002
export function main(): void {
  log.info(`${VALUE}`);
}
