// Block scope, shadowing, and names that mean something in C.

const int: u32 = 1;
let register: u32 = 2;

function unsigned(signed: u32, long: u32): u32 {
  const auto = signed + long;
  return auto;
}

function struct(union: u32): u32 {
  let NULL: u32 = union;
  NULL += int;
  return NULL;
}

class volatile {
  double: u32;
  float(): u32 {
    return this.double;
  }
}

function shadow(value: u32): u32 {
  let result = value;
  {
    const value: u32 = 7;
    result += value;
    {
      const result: u32 = 1000;
      register += result;
    }
  }
  for (let value: u32 = 0; value < 2; value++) {
    const result: u32 = value;
    register += result;
  }
  return result + value;
}

export function main(): void {
  log.info(`${unsigned(1, 2)} ${struct(5)} ${shadow(100)} ${register}`);
  const extern = new volatile();
  extern.double = 9;
  const $dollar: u32 = 1;
  const _under: u32 = 2;
  const errno: u32 = 3;
  const stdout: u32 = 4;
  const uint8_t: u32 = 5;
  const asm: u32 = 6;
  const typeof_: u32 = 7;
  log.info(`${extern.float()} ${$dollar + _under + errno + stdout + uint8_t + asm + typeof_}`);
}
