class Node {
  value: u32;
  next: Ref<Node> | null;
}
const node = new Node();
export function main(): void {
  log.info(`${node.value}`);
}
