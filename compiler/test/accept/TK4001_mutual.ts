class Left {
  rights: FixedArray<Right, 2>;
}
class Right {
  left: Ref<Left> | null;
}
export function main(): void {
  log.info(`${sizeOf<Left>()}`);
}
