// sliceOf turns unchecked elements into checked ones.

const words = new FixedArray<u64, 4>();

function third(values: Slice<u64>): u64 {
  return values[2]; // panics
}

export function main(): void {
  const many = overlay<Many<u64>>(addressOf(words));
  log.info(`${third(sliceOf(many, 3))}`);
  log.info(`${third(sliceOf(many, 2))}`);
}
