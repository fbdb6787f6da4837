// Fixed arrays: of every width, of arrays, inside structs, on the stack.

class Board {
  squares: FixedArray<FixedArray<u8, 3>, 2>;
}
staticAssert(sizeOf<Board>() === 6n);

const bytes = new FixedArray<u8, 4>();
const words = new FixedArray<i16, 4>();
const longs = new FixedArray<i64, 4>();
const board = new Board();

export function main(): void {
  for (let i: u32 = 0; i < bytes.length; i++) {
    bytes[i] = u8(i * 80);
    words[i] = i16(i) * -1000;
    longs[i] = i64(i) - 2n;
  }
  bytes[3] += 15;
  bytes[0] = wrappingSub(bytes[0], 1);
  log.info(`${bytes[0]} ${bytes[1]} ${bytes[2]} ${bytes[3]}`);
  log.info(`${words[0]} ${words[3]} ${longs[0]} ${longs[3]}`);
  board.squares[1][2] = 7;
  const row = board.squares[1];
  row[0] = 5;
  log.info(`${board.squares[1][0]} ${board.squares[1][2]} ${board.squares[0][0]}`);
  const local = new FixedArray<u64, 5>();
  local[4] = 1n << 63n;
  const index: u8 = 4;
  log.info(`${local[index]} ${local[0]} ${local.length} ${board.squares.length} ${row.length}`);
}
