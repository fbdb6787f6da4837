// switch over numbers, bigints and enums; empty groups share a body; default may stand anywhere.

enum Shape {
  Point,
  Line,
  Square = 4,
}

function days(month: u32): u32 {
  switch (month) {
    case 2:
      return 28;
    case 4:
    case 6:
    case 9:
    case 11:
      return 30;
    default:
      return 31;
  }
}

function size(shape: Shape): u32 {
  switch (shape) {
    case Shape.Point:
      return 0;
    case Shape.Line:
      return 1;
    case Shape.Square:
      return 2;
  }
}

function unit(bytes: u64): u32 {
  let shift: u32 = 99;
  switch (bytes) {
    case 0x1000n:
      shift = 12;
      break;
    default:
      shift = 0;
      break;
    case 0x4000_0000n:
      shift = 30;
      break;
    case 0xffff_ffff_ffff_ffffn:
      shift = 64;
  }
  return shift;
}

function breaksInsideLoop(): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 5; i++) {
    switch (i) {
      case 1:
        continue;
      case 2:
        break;
      default: {
        const twice = i * 2;
        sum += twice;
      }
    }
    sum += 100;
  }
  return sum;
}

export function main(): void {
  log.info(`${days(1)} ${days(2)} ${days(4)} ${days(11)} ${days(12)}`);
  log.info(`${size(Shape.Point)} ${size(Shape.Line)} ${size(Shape.Square)}`);
  log.info(`${unit(0x1000n)} ${unit(0x4000_0000n)} ${unit(u64.MAX)} ${unit(5n)}`);
  log.info(`${breaksInsideLoop()}`);
  const negative: i32 = -2;
  switch (negative) {
    case -2:
      log.info("minus two");
      break;
    default:
      log.info("something else");
  }
}
