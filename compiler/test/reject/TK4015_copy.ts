class Colour {
  red: u8;
}
const COLOURS: FixedArray<Colour, 2> = [{ red: 1 }, { red: 2 }];
const mixed = new Colour();
export function main(): void {
  copyStruct(COLOURS[0], mixed); // error TK4015
  zeroStruct(COLOURS); // error TK4015
  bytesOf("text")[0] = 1; // error TK4015
}
