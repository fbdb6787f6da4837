// A failed assertion panics with its message, evaluated only then.

let formatted: u32 = 0;

function count(): u32 {
  formatted += 1;
  return formatted;
}

export function main(): void {
  assert(formatted === 0, `formatted ${count()} times`);
  log.info(`${formatted}`);
  assert(formatted === 1, `formatted ${count()} times`); // panics
}
