// Truth tables of the operators on bool.

const VALUES: FixedArray<bool, 2> = [false, true];

export function main(): void {
  for (const left of VALUES) {
    log.info(`!${left} = ${!left}`);
    for (const right of VALUES) {
      log.info(`${left} ${right}: ${left && right} ${left || right} ${left === right} ${left !== right}`);
    }
  }
}
