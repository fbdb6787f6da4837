// Results that fit, and results that may not. `gone` and `stays` name the checks of their line.

function masks(x: u32, y: u64): u32 {
  const low = u8(x & 0xff); // gone: convert
  const more = u8(x & 0x1ff); // stays: convert
  const high = u8(x >> 24); // gone: convert
  const wide = u8(x >> 23); // stays: convert
  const digit = u8(y % 10n) + 48; // gone: convert +
  const byte = u8(y % 257n); // stays: convert
  return u32(low) + u32(more) + u32(high) + u32(wide) + u32(digit) + u32(byte); // gone: + + + + +
}

function bits(x: u64): u32 {
  const last = 63 - leadingZeros(x); // stays: -
  const count = 64 - popCount(x); // gone: -
  return wrappingAdd(last, count) + 0; // gone: +
}

function lowestBitsOff(start: u64): u32 {
  let rest = start;
  let count: u32 = 0;
  while (rest !== 0n) {
    rest = rest & (rest - 1n); // gone: -
    if (count < 64) count += 1; // gone: +
  }
  return count;
}

function mayBeZero(x: u64): u64 {
  return x & (x - 1n); // stays: -
}

function ordered(start: u64, end: u64): u64 {
  if (start > end) return start - end; // gone: -
  const size = end - start; // gone: -
  const middle = start + size / 2n; // gone: +
  if (start === end) return size;
  return middle + (end - start - 1n); // gone: - - stays: +
}

function unordered(start: u64, end: u64): u64 {
  if (start < 10n && end > 5n) return end - start; // stays: -
  return end - start; // stays: -
}

function asserted(done: u32, count: u32): u32 {
  assert(done < count);
  return count - done - 1; // gone: - -
}

function assertedTooLate(done: u32, count: u32): u32 {
  const rest = count - done; // stays: -
  assert(done <= count);
  return rest - 1; // stays: -
}

function alternatives(x: u32, isSmall: bool): u32 {
  if (x < 10 || x === 20) return 20 - x; // gone: -
  if (isSmall && x > 100) return x - 101; // gone: -
  if (!(x >= 50)) return 50 - x; // gone: -
  return x - 51; // stays: -
}

function smaller(a: u32, b: u32): u32 {
  const least = a < b ? a : b;
  return a - least + (b - least); // gone: - - stays: +
}

function larger(a: u32, b: u32): u32 {
  const most = a > b ? a : b;
  return most - a + (a - most); // gone: - + stays: -
}

function pieces(count: u32): u32 {
  let done: u32 = 0;
  while (done < count) {
    const rest = count - done; // gone: -
    const part = rest < 16 ? rest : 16;
    done += part; // gone: +
  }
  return done;
}

function signs(x: i32): i32 {
  if (x < 0) return -x; // stays: negate
  if (x > 100) return -x; // gone: negate
  if (x > 80) return x * x * 200000 + (x - 1); // gone: * * - +
  return x * x * 200000 + (x - 1) * 20854775; // gone: * * * - stays: +
}

function signed(x: i32, y: i8): u32 {
  if (x >= 0) return u32(x); // gone: convert
  const distance = i16(y) - 1000; // gone: -
  return wrappingAdd(u32(-distance), u32(x)); // gone: negate convert stays: convert
}

function shrinking(start: u32): u32 {
  let left = start;
  while (left > 3) left -= 4; // gone: -
  while (left > 0) left -= 2; // stays: -
  return start - left; // gone: -
}

function wrappedSubtract(a: u32, b: u32): u32 {
  const gap = wrappingSub(a, b);
  return a - gap; // stays: -
}

function wrappedAdd(a: u32, b: u32): u32 {
  const sum = wrappingAdd(a, b);
  if (sum < 10) return a + b; // stays: +
  return sum - a; // stays: -
}

function narrowed(x: u64): u64 {
  const low = u64(u32.wrap(x));
  return x - low; // stays: -
}

function kept(x: u32): u32 {
  let high: u32 = x;
  if (high > 7) high = 7;
  switch (high) {
    case 0:
      return high - 1; // stays: -
    case 1:
    case 2:
      return high - 1; // gone: -
    case 3:
      break;
    default:
      return 7 - high; // gone: -
  }
  return high - 4; // stays: -
}

function exported(x: u32, y: u64, z: i32): void {
  void masks(x, y);
  void bits(y);
  void lowestBitsOff(y);
  void mayBeZero(y);
  void ordered(y, y);
  void unordered(y, y);
  void asserted(x, x);
  void assertedTooLate(x, x);
  void alternatives(x, true);
  void smaller(x, x);
  void larger(x, x);
  void pieces(x);
  void signs(z);
  void signed(z, 1);
  void shrinking(x);
  void wrappedSubtract(x, x);
  void wrappedAdd(x, x);
  void narrowed(y);
  void kept(x);
}
exportC("proved_arithmetic", exported);
