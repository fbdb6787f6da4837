export * from "./other"; // error TK5002
export function main(): void {}
