// Parts of a message that need several steps (calls, checks, memory reads) are complete when its consumer sees them.

class Row {
  cells: FixedArray<u32, 3>;
}

const rows = new FixedArray<Row, 2>();
const word = new FixedArray<u64, 1>();
let calls: u32 = 0;

function next(): u32 {
  calls += 1;
  return calls;
}

function maybe(value: u32): u32 | null {
  return value % 2 === 0 ? value : null;
}

function outer(prefix: string, message: Message): void {
  inner(message);
  log.info(`${prefix} again`);
  inner(message);
}

function inner(message: Message): void {
  let parts: u32 = 0;
  for (const part of messageParts(message)) parts += part.text === "" ? 1 : 100;
  log.info(message);
  log.info(`${parts}`);
}

export function main(): void {
  word[0] = 77n;
  rows[1].cells[2] = 5;
  let row: u32 = 1;
  outer("first", `a ${next()} b ${peek64(addressOf(word))} c ${rows[row].cells[row + 1]} d ${maybe(next()) ?? next()}`);
  row = 0;
  inner(`${next() > 3 ? "many" : "few"} ${maybe(next()) ?? 0} ${next() / (row + 2)} ${hex(next() << 4, 4)}`);
  if (next() > 100) panic(`never ${next()}`);
  assert(row === 0, `never ${next()} ${rows[row + 5].cells[0]}`);
  log.info(`${calls}`);
}
