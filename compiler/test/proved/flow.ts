// Ways through a function that meet again. `gone` and `stays` name the checks of their line.

const TABLE = new FixedArray<u32, 16>();
let current: u32 = 0;

function step(): u32 {
  current = wrappingAdd(current, 1);
  return current;
}

function branches(x: u32, isWide: bool): u32 {
  let index: u32 = 3;
  if (isWide) index = 15;
  const first = TABLE[index]; // gone: index
  if (x > 100) index = x;
  return wrappingAdd(first, TABLE[index]); // stays: index
}

function breaksFarFirst(x: u32, y: u32): u32 {
  let index: u32 = 0;
  while (true) {
    if (x === 1) {
      index = y;
      break;
    }
    if (x === 2) {
      index = 2;
      break;
    }
    return 0;
  }
  return TABLE[index]; // stays: index
}

function breaksFarLast(x: u32, y: u32): u32 {
  let index: u32 = 0;
  while (true) {
    if (x === 1) {
      index = 2;
      break;
    }
    if (x === 2) {
      index = y;
      break;
    }
    return 0;
  }
  return TABLE[index]; // stays: index
}

function breaksOrEnds(x: u32): u32 {
  let index = x;
  while (index > 15) {
    if (step() > 5) break;
    index -= 1; // gone: -
  }
  return TABLE[index]; // stays: index
}

function breaksOrEndsLater(x: u32): u32 {
  let index = x;
  do {
    if (step() > 5) break;
    index = step();
  } while (index > 15);
  return TABLE[index]; // stays: index
}

function breaksWithin(x: u32): u32 {
  let index: u32 = 20;
  while (true) {
    if (x === 1) {
      index = 2;
      break;
    }
    index = 15;
    break;
  }
  return TABLE[index]; // gone: index
}

function continues(x: u32): u32 {
  let index: u32 = 0;
  let sum: u32 = 0;
  do {
    index = 4;
    if (x === sum) {
      index = 16;
      continue;
    }
    sum = 1;
  } while (TABLE[index] !== x); // stays: index
  return sum;
}

function continuesNear(x: u32): u32 {
  let index: u32 = 0;
  do {
    index = 4;
    if (x === step()) {
      index = 15;
      continue;
    }
    if (x === step()) {
      index = 1;
      continue;
    }
  } while (TABLE[index] !== x); // gone: index
  return index;
}

function continuesFarFirst(x: u32): u32 {
  let index: u32 = 0;
  do {
    index = 4;
    if (x === step()) {
      index = 16;
      continue;
    }
    if (x === step()) {
      index = 1;
      continue;
    }
  } while (TABLE[index] !== x); // stays: index
  return index;
}

function continuesFarLast(x: u32): u32 {
  let index: u32 = 0;
  do {
    index = 4;
    if (x === step()) {
      index = 1;
      continue;
    }
    if (x === step()) {
      index = 16;
      continue;
    }
  } while (TABLE[index] !== x); // stays: index
  return index;
}

function continuesUpdated(x: u32): u32 {
  let sum: u32 = 0;
  for (let at: u32 = 0; ; sum = TABLE[at]) {
    // stays: index
    at = 4;
    if (x === sum) {
      at = x;
      continue;
    }
    if (sum > 3) return at;
  }
}

function blocks(x: u32): u32 {
  let index: u32 = 0;
  inner: {
    if (x > 15) break inner;
    index = x;
  }
  const first = TABLE[index]; // gone: index
  other: {
    if (x > 20) {
      index = 20;
      break other;
    }
    index = 1;
  }
  return wrappingAdd(first, TABLE[index]); // stays: index
}

function outOfInner(x: u32): u32 {
  let index: u32 = 0;
  outer: while (index < 16) {
    for (let j: u32 = 0; j < 3; j += 1) {
      // gone: +
      if (x === j) {
        index = 40;
        break outer;
      }
      if (x === 5) continue outer;
    }
    index = 15;
    if (x === 7) break;
  }
  return TABLE[index]; // stays: index
}

function cases(x: u32): u32 {
  let index: u32 = 16;
  switch (x) {
    case 1:
      index = 1;
      break;
    case 2: {
      if (current > 1) break;
      index = 2;
      break;
    }
    default:
      index = 3;
  }
  return TABLE[index]; // stays: index
}

function allCases(x: u32): u32 {
  let index: u32 = 16;
  switch (x) {
    case 1:
      index = 1;
      break;
    default:
      index = 15;
  }
  return TABLE[index]; // gone: index
}

function noCase(x: u32): u32 {
  let index: u32 = 16;
  switch (x) {
    case 1:
      index = 1;
      break;
    case 2:
      index = 15;
  }
  return TABLE[index]; // stays: index
}

function unbounded(x: u32): u32 {
  while (x > 3) {
    if (current > 5) return 0;
  }
  return TABLE[x]; // gone: index
}

function panics(x: u32): u32 {
  if (x > 15) panic("too far");
  return TABLE[x]; // gone: index
}

function patterns(x: u32, y: u32): u32 {
  const both = (x & 7) | (y & 8);
  const odd = (x & 8) ^ (y & 4);
  const more = (x & 8) | (y & 9) | 16;
  const first = wrappingAdd(TABLE[both], TABLE[odd]); // gone: index index
  const least = (x & 3) | (y & 4);
  if (least < 6) return more - 16; // gone: -
  return wrappingAdd(first, 7 - least) + (least - 5) + (6 - least); // gone: - - + stays: + -
}

function leastBits(x: u32, y: u32): u32 {
  const far = x | 16 | (y | 16);
  const none = (x | 16) ^ (y | 16);
  const most = wrappingAdd(far - 16, far - 32); // gone: - stays: -
  return wrappingAdd(most, none - 16); // stays: -
}

function orderedBits(x: u32, y: u32): u32 {
  const more = (x | y) - x; // gone: -
  return wrappingAdd(more, (x ^ y) - x); // stays: -
}

function filled(x: u32, y: u32): u32 {
  if (x > 5 || y > 10) return 0;
  return 14 - (x | y) + (15 - (x ^ y)); // stays: - gone: - +
}

function shifted(x: u32, count: u32): u32 {
  const part = u8.wrap(x);
  const left = (part << 1) + 1; // stays: +
  const wide = u32(part) << 4;
  const far = wide >> (count & 7);
  if (count < 26) return (u32(part) << count) + wide; // stays: +
  return u32(left) + (4080 - far) + (4079 - wide); // gone: - + + stays: -
}

function between(): u32 {
  if (current >= 16) return 0;
  return current < 16 ? (step() > 0 ? TABLE[current] : 1) : 2; // stays: index
}

function exported(x: u32): void {
  void branches(x, x > 3);
  void breaksFarFirst(x, x);
  void breaksFarLast(x, x);
  void breaksOrEnds(x);
  void breaksOrEndsLater(x);
  void breaksWithin(x);
  void continues(x);
  void continuesNear(x);
  void continuesFarFirst(x);
  void continuesFarLast(x);
  void continuesUpdated(x);
  void blocks(x);
  void outOfInner(x);
  void cases(x);
  void allCases(x);
  void noCase(x);
  void unbounded(x);
  void panics(x);
  void patterns(x, x);
  void leastBits(x, x);
  void orderedBits(x, x);
  void filled(x, x);
  void shifted(x, x);
  void between();
}
exportC("proved_flow", exported);
