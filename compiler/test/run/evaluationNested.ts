// Order and number of evaluations where calls sit inside conditions, loops, conditionals and defaults.

let state: u32 = 1;
let trace: u64 = 0n;

class Box {
  value: u32;
  add(amount: u32): u32 {
    this.value += amount;
    return this.value;
  }
  both(left: u32, right: u32): u32 {
    return this.value * 10000 + left * 100 + right;
  }
}

const box = new Box();

function mark(digit: u32): u32 {
  trace = trace * 10n + u64(digit);
  return digit;
}

function bump(): u32 {
  state += 1;
  return state;
}

function three(a: u32, b: u32, c: u32): u32 {
  return a * 10000 + b * 100 + c;
}

function some(value: u32): u32 | null {
  if (mark(value) === 0) return null;
  return value;
}

function show(what: string, value: u32): void {
  log.info(`${what}: ${value}, state ${state}, trace ${trace}`);
  state = 1;
  trace = 0n;
  box.value = 0;
}

function loops(): u32 {
  let turns: u32 = 0;
  while (three(state, bump(), state) < 40506) turns += 1;
  do turns += 100;
  while (three(state, bump(), state) < 80910 && mark(1) === 1);
  for (let i: u32 = 0; state + bump() + i < 30; i += state - mark(7)) turns += 1000;
  return turns;
}

export function main(): void {
  show("argument between variables", three(state, bump(), state));
  show("arguments that change", three(bump(), state, bump()));
  show("sum of three", state + bump() + state);
  show("skipped call", state === 2 && bump() === 2 ? bump() : state);
  show("taken call", state === 1 && bump() === 2 ? three(state, bump(), state) : 0);
  show("either", state === 2 || three(state, bump(), state) === 10202 ? mark(5) : mark(6));
  show("default used", some(0) ?? three(mark(1), mark(2), mark(3)));
  show("default skipped", some(4) ?? three(mark(1), mark(2), mark(3)));
  show("default of default", some(0) ?? some(0) ?? mark(9));
  show("method object first", box.both(box.add(1), box.add(2)));
  show("field before call", box.value + box.add(5) + box.value);
  show("loops", loops());
  const table = new FixedArray<u32, 8>();
  table[bump()] = state * 10 + bump();
  show("index before value", table[2]);
  table[state] += bump() + state;
  show("compound index once", table[1] * 100 + table[2]);
  switch (three(state, bump(), state)) {
    case 10202:
      show("switch subject", mark(1));
      break;
    default:
      show("switch subject", 0);
  }
  log.info(`message ${state} ${bump()} ${state} ${bump()}`);
  assert(state === 3 && bump() === 4, `never ${bump()}`);
  show("assertion", state);
}
