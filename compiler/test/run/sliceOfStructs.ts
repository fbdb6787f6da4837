// Slices of structs, of references and of slices; a search that returns an element or null.

class Region {
  start: u64;
  end: u64;
}

class Index {
  regions: FixedArray<Ref<Region> | null, 3>;
}

const regions = new FixedArray<Region, 4>();
const index = new Index();
const parts = new FixedArray<Slice<Region>, 2>();

function find(candidates: Slice<Region>, address: u64): Region | null {
  for (const region of candidates) {
    if (address >= region.start && address < region.end) return region;
  }
  return null;
}

function startOf(region: Region | null): u64 {
  return region === null ? 999n : region.start;
}

export function main(): void {
  let start: u64 = 0n;
  for (const region of regions) {
    region.start = start;
    region.end = start + 10n;
    start += 20n;
  }
  log.info(
    `${startOf(find(regions, 25n))} ${startOf(find(regions, 35n))} ${startOf(find(subslice(regions, 2, 4), 5n))}`,
  );
  index.regions[0] = regions[3];
  index.regions[2] = find(regions, 0n);
  for (const entry of index.regions) log.info(`${startOf(entry)}`);
  parts[0] = subslice(regions, 0, 2);
  parts[1] = subslice(regions, 2, 4);
  for (const part of parts) log.info(`${part.length} ${part[0].start} ${part[1].end}`);
}
