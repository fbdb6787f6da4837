import value from "./other"; // error TK5001
export function main(): void {
  value();
}
