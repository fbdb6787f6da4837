// `/=` and `%=` by zero panic too; the left side keeps its value.

let value: u16 = 9;

function divide(divisor: u16): void {
  value /= divisor; // panics
}

export function main(): void {
  divide(2);
  log.info(`${value}`);
  divide(0);
}
