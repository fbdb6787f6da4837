abstract class Shape { // error TK1013
  side: u32;
}
export function main(): void {
  log.info(`${sizeOf<Shape>()}`);
}
