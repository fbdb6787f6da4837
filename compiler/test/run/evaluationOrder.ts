// Operands, arguments and indices are evaluated from left to right, each once, and read before later ones change them.

let trace: u32 = 0;
let state: u32 = 0;

function step(digit: u32): u32 {
  trace = trace * 10 + digit;
  return digit;
}

function three(a: u32, b: u32, c: u32): u32 {
  return a * 100 + b * 10 + c;
}

function bump(): u32 {
  state += 10;
  return state;
}

function show(what: string, value: u32): void {
  log.info(`${what}: ${value}, trace ${trace}`);
  trace = 0;
}

export function main(): void {
  show("arguments", three(step(1), step(2), step(3)));
  show("operands", step(4) - step(1) + step(2) * step(3));
  show("nested", three(step(1) + step(2), three(step(0), step(0), step(3)), step(4)));
  const table = new FixedArray<u32, 8>();
  table[step(5)] = step(6);
  show("store", table[5]);
  table[step(5)] += step(2);
  show("compound store", table[5]);
  state = 1;
  show("variable before call", state + bump());
  state = 1;
  show("call before variable", bump() + state);
  state = 1;
  show("variable as argument", three(state, bump(), state));
  table[0] = 1;
  table[0] += changeFirst(table);
  show("element read before call", table[0]);
}

function changeFirst(table: Slice<u32>): u32 {
  table[0] = 50;
  return 2;
}
