enum Direction {
  Up,
  Down,
}
function move(direction: Direction): void {
  log.info(`${direction}`);
}
export function main(): void {
  move(Direction.Up);
}
