class Colour {
  red: u8;
}
const COLOURS: FixedArray<Colour, 2> = [{ red: 1 }, { red: 2 }];
const mixed = new Colour();
const bytes = new FixedArray<u8, 4>();
export function main(): void {
  copyStruct(mixed, COLOURS[0]);
  bytes[0] = bytesOf("text")[0];
  zeroStruct(mixed);
  log.info(`${bytes[0]}`);
}
