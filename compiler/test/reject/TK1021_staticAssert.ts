export function main(): void {
  staticAssert(sizeOf<u32>() === 4n); // error TK1021
}
