const values = new FixedArray<u32, 2>();
export function main(): void {
  for (const value of values) log.info(`${value}`);
}
