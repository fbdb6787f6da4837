// A variable declared in a loop body starts anew on every turn.

class Pair {
  left: u32;
  right: u32 = 5;
}

export function main(): void {
  for (let turn: u32 = 0; turn < 3; turn++) {
    let count: u32 = 0;
    const pair = new Pair();
    const array = new FixedArray<u32, 2>();
    log.info(`${count} ${pair.left} ${pair.right} ${array[0]} ${array[1]}`);
    count += 1;
    pair.left = 8;
    pair.right = 8;
    array[1] = turn + count;
  }
}
