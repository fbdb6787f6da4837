let value: u32 = 0;
for (let i: u32 = 0; i < 4; i++) value += i; // error TK1009
export function main(): void {
  log.info(`${value}`);
}
