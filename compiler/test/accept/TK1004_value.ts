export function main(): void {
  let i: u32 = 0;
  const old = i;
  i++;
  ++i;
  for (let j: u32 = 3; j > 0; j--) log.info(`${old} ${i}`);
}
