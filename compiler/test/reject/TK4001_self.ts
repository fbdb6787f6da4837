class Node {
  value: u32;
  next: Node; // error TK4001
}
const node = new Node();
export function main(): void {
  log.info(`${node.value}`);
}
