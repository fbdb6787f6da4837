// Numeric enums: automatic and given values, names in messages, as indices and in comparisons.

enum Colour {
  Black,
  Red,
  Green = 10,
  Blue,
  Last = 0xffffffff,
}

enum Flag {
  None = 0,
  Read = 1 << 0,
  Write = 1 << 1,
  Both = Read | Write,
}

class Pixel {
  colour: Colour;
}
staticAssert(sizeOf<Pixel>() === 4n);

const pixel = new Pixel();
const COUNTS: FixedArray<u32, 2> = [40, 41];
const NAMES: FixedArray<Colour, 3> = [Colour.Blue, Colour.Black, Colour.Red];

function next(colour: Colour): Colour {
  if (colour === Colour.Black) return Colour.Red;
  return Colour.Last;
}

export function main(): void {
  log.info(`${pixel.colour} ${next(pixel.colour)} ${next(Colour.Blue)}`);
  log.info(`${u32(Colour.Blue)} ${u32(Colour.Last)} ${u32(Flag.Both)}`);
  for (const name of NAMES) log.info(`${name} ${u32(name)}`);
  pixel.colour = Colour.Green;
  log.info(`${pixel.colour === Colour.Green} ${next(Colour.Red) !== Colour.Red} ${pixel.colour}`);
  log.info(`${COUNTS[Colour.Red]} ${Flag.Write}`);
  log.info(`[${alignRight(Colour.Red, 6)}] [${alignLeft(Colour.Blue, 6)}]`);
}
