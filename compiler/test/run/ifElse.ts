// if, else if, else, the conditional operator.

function grade(points: u32): u32 {
  if (points >= 90) return 1;
  else if (points >= 75) {
    return 2;
  } else if (points >= 50) return 3;
  else return 6;
}

function sign(value: i32): i32 {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}

function larger(left: u64, right: u64): u64 {
  return left > right ? left : right;
}

export function main(): void {
  log.info(`${grade(100)} ${grade(90)} ${grade(89)} ${grade(50)} ${grade(49)}`);
  log.info(`${sign(-5)} ${sign(0)} ${sign(i32.MAX)}`);
  log.info(`${larger(1n, u64.MAX)} ${larger(7n, 7n)}`);
  if (grade(1) === 6) log.info("plain if");
  if (grade(1) === 1) {
    log.info("unreachable");
  }
}
