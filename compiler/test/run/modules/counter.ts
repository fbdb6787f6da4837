let count: u32 = 0;
const helperValue: u32 = 200;

function helper(): u32 {
  return helperValue;
}

export function increment(by: u32 = 1): void {
  count += by;
}

export function current(): u32 {
  return count;
}

export function describe(): u32 {
  return helper() + 2;
}
