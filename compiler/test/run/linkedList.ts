// A list threaded through objects that live in an array.

class Entry {
  value: u32;
  next: Ref<Entry> | null;
}

const entries = new FixedArray<Entry, 4>();

function build(): Entry | null {
  let head: Entry | null = null;
  let value: u32 = 1;
  for (const entry of entries) {
    entry.value = value;
    entry.next = head;
    head = entry;
    value *= 3;
  }
  return head;
}

function find(head: Entry | null, value: u32): Entry | null {
  let current = head;
  while (current !== null) {
    if (current.value === value) return current;
    current = current.next;
  }
  return null;
}

function reverse(head: Entry | null): Entry | null {
  let result: Entry | null = null;
  let current = head;
  while (current !== null) {
    const next: Entry | null = current.next;
    current.next = result;
    result = current;
    current = next;
  }
  return result;
}

function show(head: Entry | null): void {
  for (let current = head; current !== null; current = current.next) log.info(`${current.value}`);
}

export function main(): void {
  const head = build();
  show(head);
  log.info(`${find(head, 9) !== null} ${find(head, 10) === null} ${find(null, 1) === null}`);
  show(reverse(head));
}
