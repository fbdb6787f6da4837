function next(): u32 {
  return 0;
}
export function main(): void {
  for (let value = next(); value !== 0; value = next()) log.info(`${value}`);
}
