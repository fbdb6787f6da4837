// A number that no member has, as hardware may give it.

enum E {
  A = 1,
}
function f(e: u32): E {
  return e as E;
}
export function main(): void {
  log.info(`${f(7)} ${f(1)}`);
}
