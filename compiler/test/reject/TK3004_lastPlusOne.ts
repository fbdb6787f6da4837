const SIZE = 16;
class Table {
  rows: FixedArray<u8, typeof SIZE>;
}
const table = new Table();
export function main(): void {
  log.info(`${table.rows[SIZE]}`); // error TK3004
}
