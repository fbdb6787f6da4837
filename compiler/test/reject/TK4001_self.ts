class Node { // error TK4001
  value: u32;
  next: Node;
}
const node = new Node();
export function main(): void {
  log.info(`${node.value}`);
}
