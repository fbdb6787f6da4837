function mix(left: i8, right: i16): i16 {
  return left + right;
}
export function main(): void {
  log.info(`${mix(1, 2)}`);
}
