class Shape {
  side: u32;
}
function area(shape: Shape): u32 {
  return shape.side * shape.side;
}
export function main(): void {
  const shape = new Shape();
  log.info(`${area(shape)}`);
}
