enum Left {
  One,
}
enum Right {
  One,
}
function number(left: Left, right: Right): u32 {
  return u32(left) & u32(right);
}
function mix(left: Left, right: Right): u32 {
  return left & right; // error TK2006
}
export function main(): void {
  log.info(`${number(Left.One, Right.One)} ${mix(Left.One, Right.One)}`);
}
