type Step = (depth: u32) => void;
class Tree {
  left: Ref<Tree> | null;
  depth(): u32 {
    const left = this.left;
    return left === null ? 0 : left.depth(); // error TK5011
  }
}
const tree = new Tree();
function direct(depth: u32): void {
  if (depth > 0) direct(depth - 1); // error TK5011
}
function ping(depth: u32): void {
  pong(depth);
}
function pong(depth: u32): void {
  if (depth > 0) ping(depth - 1); // error TK5011
}
function through(depth: u32): void {
  STEPS[depth](depth); // error TK5011
}
const STEPS: FixedArray<Step, 1> = [through];
declare function again(depth: u32): void;
function byAssembly(depth: u32): void {
  again(depth); // error TK5011
}
exportC("again", byAssembly);
function write(level: u32, subsystem: string, message: Message): void {
  log.debug("logging"); // error TK5011
}
bindLog(write);
function dispatch(depth: u32): void {
  direct(depth);
  ping(depth);
  STEPS[0](depth);
  byAssembly(depth);
  log.info("trap");
  void tree.depth();
}
exportTrap("dispatch", dispatch);
/** Nothing but a trap path minds. */
function elsewhere(depth: u32): u32 {
  return depth === 0 ? 0 : elsewhere(depth - 1);
}
export function main(): void {
  log.info(`${elsewhere(3)}`);
}
