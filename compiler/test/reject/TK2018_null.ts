function find(): u32 | null {
  return null;
}
export function main(): void {
  log.info(`found ${find()}`); // error TK2018
}
