export const VALUE: u32 = 1;
export function main(): void {}
