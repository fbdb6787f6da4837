// A reference to an element beyond the end is never formed.

class Item {
  value: u32;
}

const items = new FixedArray<Item, 2>();

function item(index: u32): Item {
  return items[index]; // panics
}

export function main(): void {
  item(1).value = 3;
  log.info(`${item(1).value}`);
  item(2).value = 4;
}
