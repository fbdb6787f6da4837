exportC("early", main);
export function main(): void {}
