// Stores are checked as reads are, the value on the right having been evaluated or not.

class Table {
  rows: FixedArray<u16, 3>;
}

const table = new Table();

function store(index: u8): void {
  table.rows[index] = 5; // panics
}

export function main(): void {
  store(2);
  log.info(`${table.rows[2]}`);
  store(255);
}
