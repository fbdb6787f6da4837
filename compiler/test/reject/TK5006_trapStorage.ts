class Stack {
  top: u64;
}
const stack = new Stack();
exportTrap("trap_stack", stack); // error TK5006
export function main(): void {}
