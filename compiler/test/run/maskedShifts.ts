// A count masked below the width needs no check: it must give what the checked shift of the same count gives.

function shift8(value: u8, signed: i8, n: u32): void {
  const count = n & 7;
  assert(value << (n & 7) === value << count);
  assert(value >> (n & 7) === value >> count);
  assert(signed << (n & 7) === signed << count);
  assert(signed >> (7 & n) === signed >> count);
}

function shift16(value: u16, signed: i16, n: u32): void {
  const count = n & 15;
  assert(value << (n & 15) === value << count);
  assert(value >> (n & 15) === value >> count);
  assert(signed << (n & 15) === signed << count);
  assert(signed >> (n & 15) === signed >> count);
}

function shift32(value: u32, signed: i32, n: u32): void {
  const count = n & 31;
  assert(value << (n & 31) === value << count);
  assert(value >> u8.wrap(n & 31) === value >> count);
  assert(signed << (n & 31) === signed << count);
  assert(signed >> (n & 31) === signed >> count);
}

function shift64(value: u64, signed: i64, n: u32): void {
  const count = u64(n) & 63n;
  assert(value << (u64(n) & 63n) === value << count);
  assert(value >> u64(n & 63) === value >> count);
  assert(signed << (u64(n) & 63n) === signed << count);
  assert(signed >> (u64(n) & 63n) === signed >> count);
}

/** A mask that does not reach below the width proves nothing. */
function wideMask(value: u8, n: u32): u8 {
  return value << (n & 15);
}

export function main(): void {
  for (let n: u32 = 0; n < 70; n += 1) {
    shift8(0xa5, -91, n);
    shift16(0xa5c3, -23101, n);
    shift32(0xa5c3_0f1e, -1_513_943_266, n);
    shift64(0xa5c3_0f1e_2d4b_8796n, -6_502_337_193_112_901_738n, n);
  }
  log.info(`${wideMask(0xff, 7)} ${wideMask(0xff, 8)} ${wideMask(0xff, 15)} ${wideMask(0xff, 16)}`);
}
