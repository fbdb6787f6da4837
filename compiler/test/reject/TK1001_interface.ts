interface Shape { // error TK1001
  side: u32;
}
function area(shape: Shape): u32 {
  return shape.side;
}
export function main(): void {}
