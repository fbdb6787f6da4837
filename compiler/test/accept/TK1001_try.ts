/** Expected failure is a value: null or an enum. */
function attempt(possible: bool): u32 | null {
  return possible ? 1 : null;
}

export function main(): void {
  const result = attempt(true);
  if (result === null) log.info("failed");
  else log.info(`${result}`);
}
