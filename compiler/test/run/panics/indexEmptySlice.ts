// An empty slice has no element 0.

function first(values: Slice<u64>): u64 {
  return values[0]; // panics
}

export function main(): void {
  log.info(`${first(emptySlice<u64>())}`);
}
