function setUp(): void {}
setUp(); // error TK1009
export function main(): void {}
