// @aligned raises the alignment and pads the size to it; it combines with @packed.

@aligned(64)
class Line {
  first: u8;
}
staticAssert(sizeOf<Line>() === 64n && alignOf<Line>() === 64n);

@packed
@aligned(16)
class Stub {
  tag: u8;
  value: u64;
}
staticAssert(offsetOf<Stub>("value") === 1n && sizeOf<Stub>() === 16n && alignOf<Stub>() === 16n);

@aligned(4096)
class PageOfWords {
  words: FixedArray<u64, 512>;
}
staticAssert(sizeOf<PageOfWords>() === 4096n);

class Outer {
  small: u8;
  line: Line;
}
staticAssert(offsetOf<Outer>("line") === 64n && sizeOf<Outer>() === 128n);

const page = new PageOfWords();
const lines = new FixedArray<Line, 2>();

export function main(): void {
  log.info(`${addressOf(page) % 4096n} ${addressOf(lines) % 64n}`);
  log.info(`${addressOf(lines[1]) - addressOf(lines[0])}`);
  const local = new Line();
  log.info(`${addressOf(local) % 64n} ${local.first}`);
}
