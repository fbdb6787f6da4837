const COUNT = 4;
function nothing(value: void): void {} // error TK4011
function four(value: typeof COUNT): void {} // error TK4011
function one(): 1 { // error TK4011
  return 1;
}
function keep<T>(value: T): void {} // error TK4011
export function main(): void {
  nothing();
  four(4);
  log.info(`${one()}`);
  keep<5>(5);
}
