function handle(): void {}
export function main(): void {
  exportTrap("late", handle); // error TK1021
}
