export function main(): void {
  const value: u32 = 1;
  if (typeof value === "number") log.info("number"); // error TK1001
}
