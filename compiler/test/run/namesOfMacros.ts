// Names that C, its headers, gcc or the C printer could take for something else: each stays what it is.

class timespec {
  EOF: u32;
  int: u32 = 1;
  int_: u32 = 2;
}
class Spelled {
  größe: u32 = 1;
  grüße: u32 = 2;
  $a: u32 = 3;
  _a: u32 = 4;
}
class Slice_u32 {
  a: u32;
}
class Array_u32_4 {
  a: u8;
}
class Optional_u32 {
  a: u8;
}
class Point {
  x: u64;
}
class Ref_Point {
  a: u8;
}
enum Gr_e {
  A = 1,
}
enum Gr__e {
  B = 1,
}
enum Größe {
  C = 1,
}

type Change = (value: u32) => u32;

function twice(value: u32): u32 {
  return value * 2;
}

class Hooks {
  offsetof: Change = twice;
  alloca: Change = twice;
  assert: Change = twice;
}

const hooks = new Hooks();
const numbers: FixedArray<u32, 4> = [1, 2, 3, 4];
const pointers = new FixedArray<Ref<Point> | null, 4>();
const points = new FixedArray<Ref_Point, 4>();

function large(value: u32): u32 | null {
  return value > 2 ? value : null;
}

function sum(values: Slice<u32>): u32 {
  let total: u32 = 0;
  for (const value of values) total += value;
  return total;
}

function parameters(EOF: u32, NULL: u32, errno: u32, UINT64_MAX: u32, wchar_t: u32, INT8_C: Change): u32 {
  return EOF + NULL + errno + UINT64_MAX + wchar_t + INT8_C(1);
}

function variables(start: u32): u32 {
  let linux = start;
  let unix = linux + 1;
  let asm = unix + 1;
  let __LINE__ = asm + 1;
  let TS_TEXT = __LINE__ + 1;
  let TESSERA_HOST = TS_TEXT + 1;
  let size_t = TESSERA_HOST + 1;
  const stdout = size_t + 1;
  return linux + unix + asm + __LINE__ + TS_TEXT + TESSERA_HOST + size_t + stdout;
}

function $dollar(): u32 {
  return 2;
}

export function main(): void {
  const time = new timespec();
  const spelled = new Spelled();
  const slice = new Slice_u32();
  const array = new Array_u32_4();
  const optional = new Optional_u32();
  time.EOF = 3;
  slice.a = 4;
  array.a = 5;
  optional.a = 6;
  log.info(`${time.EOF} ${time.int} ${time.int_} ${slice.a} ${array.a} ${optional.a}`);
  log.info(`${spelled.größe} ${spelled.grüße} ${spelled.$a} ${spelled._a} ${$dollar()}`);
  const unit = time.int === 1;
  const first = unit ? Gr_e.A : Gr_e.A;
  const second = unit ? Gr__e.B : Gr__e.B;
  log.info(`${first} ${second} ${Größe.C}`);
  log.info(`${hooks.offsetof(4)} ${hooks.alloca(5)} ${hooks.assert(6)}`);
  log.info(`${large(3) ?? 7} ${sum(numbers)} ${pointers.length} ${sizeOf<Ref_Point>()} ${points.length}`);
  log.info(`${parameters(1, 2, 3, 4, 5, twice)} ${variables(1)}`);
}
