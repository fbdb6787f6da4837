export function main(): void {
  let value: u32;
  log.info(`${value}`); // error TS2454
}
