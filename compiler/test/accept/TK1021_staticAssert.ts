staticAssert(sizeOf<u32>() === 4n);
export function main(): void {
  assert(sizeOf<u32>() === 4n);
}
