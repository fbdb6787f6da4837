type Direction = "up" | "down"; // error TK2004
function move(direction: Direction): void {}
export function main(): void {
  move("up");
}
