type Step = (count: u32) => Step; // error TK2002
function first(): Step | null {
  return null;
}
export function main(): void {
  log.info(`${first() === null}`);
}
