class Box<T> {
  value: T;
  number(): u32 {
    return u32(this.value as AnyInteger); // error TK2015
  }
}
const box = new Box<bool>();
export function main(): void {
  log.info(`${box.number()}`);
}
