// The right operand of && and || runs only when the left one does not decide.

let calls: u32 = 0;

function give(value: bool): bool {
  calls += 1;
  return value;
}

function show(what: string, value: bool): void {
  log.info(`${what}: ${value}, ${calls} calls`);
  calls = 0;
}

export function main(): void {
  show("false and true", give(false) && give(true));
  show("true and true", give(true) && give(true));
  show("true or false", give(true) || give(false));
  show("false or false", give(false) || give(false));
  show("mixed", (give(false) && give(true)) || (give(true) && !give(false)));
  if (give(false) && give(true)) log.info("unreachable");
  show("in a condition", true);
}
