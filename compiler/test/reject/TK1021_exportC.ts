export function main(): void {
  exportC("late", main); // error TK1021
}
