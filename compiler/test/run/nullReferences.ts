// T | null for references, in variables, fields, parameters and results; narrowed by comparison, return and assert.

class Task {
  id: u32;
  parent: Ref<Task> | null;
}

const tasks = new FixedArray<Task, 3>();

function task(id: u32): Task | null {
  if (id >= tasks.length) return null;
  return tasks[id];
}

function idOf(value: Task | null): u32 {
  if (value === null) return 99;
  return value.id;
}

function depth(start: Task | null): u32 {
  let level: u32 = 0;
  let current = start;
  while (current !== null && current.id !== 0) {
    level += 1;
    current = current.parent;
  }
  return level;
}

export function main(): void {
  for (let i: u32 = 0; i < 3; i++) {
    const each = task(i);
    assert(each !== null);
    each.id = i;
    each.parent = i === 0 ? null : task(i - 1);
  }
  log.info(`${idOf(task(2))} ${idOf(task(3))} ${idOf(null)}`);
  log.info(`${depth(task(2))} ${depth(task(0))} ${depth(null)}`);
  const chosen = task(7) ?? tasks[1];
  log.info(`${chosen.id}`);
  log.info(`${task(1) === tasks[1]} ${task(1) === null} ${task(5) === null}`);
  let found: Task | null = null;
  if (found === null) found = tasks[2];
  log.info(`${found.id}`);
}
