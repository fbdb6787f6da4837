// References to top-level functions: in tables, parameters, fields and results.

type Binary = (left: u32, right: u32) => u32;
type Visitor = (value: u32) => void;

function add(left: u32, right: u32): u32 {
  return left + right;
}

function subtract(left: u32, right: u32): u32 {
  return left - right;
}

function multiply(left: u32, right: u32): u32 {
  return left * right;
}

class Command {
  name: string;
  run: Binary;
}

class Device {
  handler: Binary | null;
}

const TABLE: FixedArray<Binary, 3> = [add, subtract, multiply];
const COMMANDS: FixedArray<Command, 2> = [
  { name: "add", run: add },
  { name: "multiply", run: multiply },
];
const device = new Device();
let seen: u32 = 0;

function apply(operation: Binary, left: u32, right: u32): u32 {
  return operation(left, right);
}

function choose(second: bool): Binary {
  return second ? multiply : add;
}

function visit(values: Slice<u32>, visitor: Visitor): void {
  for (const value of values) visitor(value);
}

function handle(target: Device, value: u32): u32 {
  const handler = target.handler;
  if (handler === null) return 0;
  return handler(value, value);
}

function note(value: u32): void {
  seen += value;
}

const VALUES: FixedArray<u32, 3> = [1, 2, 3];

export function main(): void {
  for (const operation of TABLE) log.info(`${operation(7, 5)}`);
  for (const command of COMMANDS) log.info(`${command.name} ${command.run(3, 4)}`);
  log.info(`${apply(subtract, 9, 1)} ${choose(true)(6, 7)} ${choose(false)(6, 7)}`);
  visit(VALUES, note);
  log.info(`${seen}`);
  log.info(`${device.handler === null}`);
  device.handler = TABLE[2];
  log.info(`${handle(device, 8)}`);
  let current: Binary = add;
  current = multiply;
  log.info(`${current(2, 3)} ${current === multiply} ${current !== add}`);
}
