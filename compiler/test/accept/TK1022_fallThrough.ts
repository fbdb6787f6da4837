export function main(): void {
  let value: u32 = 1;
  switch (value) {
    case 1:
    case 2:
      value = 3;
      break;
    case 3:
      panic("three");
    case 4: {
      return;
    }
    case 5:
      if (value === 5) return;
      else break;
    default:
  }
  log.info(`${value}`);
}
