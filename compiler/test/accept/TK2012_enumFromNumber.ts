enum Kind {
  First,
}
class Holder {
  kind: Kind;
}
const holder = new Holder();
export function main(): void {
  let value: u32 = 0;
  value += 1;
  if (value === 1) holder.kind = Kind.First;
}
