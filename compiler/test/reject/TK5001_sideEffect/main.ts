import "./other"; // error TK5001
export function main(): void {}
