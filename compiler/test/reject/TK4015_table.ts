const TABLE: FixedArray<u32, 2> = [1, 2];
export function main(): void {
  TABLE[0] = 5; // error TK4015
}
