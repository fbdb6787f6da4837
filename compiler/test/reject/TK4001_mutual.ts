class Left { // error TK4001
  rights: FixedArray<Right, 2>;
}
class Right {
  left: Left;
}
export function main(): void {
  log.info(`${sizeOf<Left>()}`);
}
