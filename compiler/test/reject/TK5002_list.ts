const VALUE: u32 = 1;
export { VALUE }; // error TK5002
export function main(): void {}
