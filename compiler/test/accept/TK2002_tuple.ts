class Pair {
  both: FixedArray<u32, 2>;
}
const pair = new Pair();
export function main(): void {
  log.info(`${pair.both[1]}`);
}
