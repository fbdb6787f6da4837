class Left {
  rights: FixedArray<Right, 2>;
}
class Right {
  left: Left; // error TK4001
}
export function main(): void {
  log.info(`${sizeOf<Left>()}`);
}
