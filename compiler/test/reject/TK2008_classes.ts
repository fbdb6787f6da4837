class Left {
  x: u32;
}
class Right {
  x: u32;
}
const left = new Left();
export function main(): void {
  const right = left as Right; // error TK2008
  log.info(`${right.x}`);
}
