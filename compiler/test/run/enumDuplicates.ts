// Two members of one value: the first one names it.

enum E {
  A = 1,
  B = 1,
  C = 2,
}
function f(e: E): E {
  return e;
}
export function main(): void {
  log.info(`${f(E.B)} ${f(E.C)}`);
  switch (f(E.A)) {
    case E.A:
      log.info("a");
      break;
    default:
      log.info("d");
  }
}
