// As checkedBuild, in a build that is none.

const GUARD_BYTES: u32 = CHECKED_BUILD ? 16 : 0;

function verify(): bool {
  if (CHECKED_BUILD) log.info(`${GUARD_BYTES} bytes to verify`);
  return CHECKED_BUILD;
}

export function main(): void {
  log.info(`${verify()}`);
}
