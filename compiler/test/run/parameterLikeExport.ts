// A parameter with the name of a C symbol that another function gets only later.

function next(value: u32): u32 {
  return value + 1;
}

function total(counter_next: u32, abs: u32): u32 {
  return next(counter_next) + next(abs);
}

exportC("counter_next", next);
exportC("abs", total);

export function main(): void {
  log.info(`${total(1, 10)}`);
}
