const left = new FixedArray<FixedArray<u8, 4>, 2>();
const right = new FixedArray<u8, 4>();
export function main(): void {
  copyStruct(left[0], right);
}
