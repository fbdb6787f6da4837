export function main(): void {
  let value: u32 = 1;
  switch (value) {
    case 1: // error TK1022
      value = 2;
    case 2:
      value = 3;
      break;
    default:
      break;
  }
  log.info(`${value}`);
}
