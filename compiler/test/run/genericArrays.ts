// Arrays, slices and lengths as type arguments.

class Box<T> {
  value: T;
}
const b = new Box<FixedArray<u8, 4>>();
function id<T>(x: T): T {
  return x;
}
function len<N extends number>(x: FixedArray<u8, N>): u32 {
  return u32(x.length);
}
export function main(): void {
  b.value[2] = 5;
  log.info(`${id<FixedArray<u8, 4>>(b.value)[2]} ${id<Slice<u8>>(b.value).length} ${len<4>(b.value)}`);
}
