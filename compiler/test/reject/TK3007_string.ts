enum Level {
  Low = "low", // error TK3007
}
function show(level: Level): void {}
export function main(): void {
  show(Level.Low);
}
