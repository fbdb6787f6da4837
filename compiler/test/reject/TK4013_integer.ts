class Holder {
  value: Ref<u32>; // error TK4013
}
const holder = new Holder();
export function main(): void {
  log.info(`${addressOf(holder)}`);
}
