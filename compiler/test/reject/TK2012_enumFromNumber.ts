enum Kind {
  First,
}
class Holder {
  kind: Kind;
}
const holder = new Holder();
export function main(): void {
  let value: u32 = 1;
  value += 1;
  holder.kind = value; // error TK2012
}
