@aligned(32)
class Block {
  x: u32;
}
const block = new Block();
export function main(): void {
  log.info(`${block.x}`);
}
