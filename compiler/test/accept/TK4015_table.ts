const TABLE: FixedArray<u32, 2> = [1, 2];
const storage = new FixedArray<u32, 2>();
let table: FixedArray<u32, 2> = [1, 2];
export function main(): void {
  storage[0] = TABLE[0];
  table[0] = 5;
}
