// copyStruct copies all bytes, also of nested structs and arrays; zeroStruct clears them.

class Inner {
  a: u8;
  b: u64;
}

class Whole {
  head: u32;
  inner: Inner;
  tail: FixedArray<u16, 4>;
}

const source = new Whole();
const target = new Whole();
const left = new FixedArray<u32, 3>();
const right = new FixedArray<u32, 3>();

export function main(): void {
  source.head = 1;
  source.inner.a = 2;
  source.inner.b = 3n;
  source.tail[3] = 4;
  copyStruct(target, source);
  source.head = 100;
  source.tail[3] = 400;
  log.info(`${target.head} ${target.inner.a} ${target.inner.b} ${target.tail[3]}`);
  copyStruct(target.inner, source.inner);
  zeroStruct(source);
  log.info(`${source.head} ${source.inner.b} ${source.tail[3]}, ${target.inner.b}`);
  right[0] = 7;
  right[2] = 9;
  copyStruct(left, right);
  zeroStruct(right);
  log.info(`${left[0]} ${left[1]} ${left[2]} ${right[2]}`);
  const local = new Whole();
  copyStruct(local, target);
  log.info(`${local.head} ${local.tail[3]}`);
}
