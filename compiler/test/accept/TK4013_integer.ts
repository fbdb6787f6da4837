class Value {
  value: u32;
}
class Holder {
  value: Ref<Value> | null;
}
const holder = new Holder();
export function main(): void {
  log.info(`${addressOf(holder)}`);
}
