class Pair {
  both: [u32, u32]; // error TK2002
}
const pair = new Pair();
export function main(): void {
  log.info(`${addressOf(pair)}`);
}
