// A program binds the log itself: level, subsystem and message arrive at its handler. The handler's own place is
// compiler/test/run, so the subsystem is the folder of the file.

let lines: u32 = 0;
let levels: u32 = 0;
let subsystemLength: u32 = 0;
let parts: u32 = 0;

function handle(level: u32, subsystem: string, message: Message): void {
  lines += 1;
  levels = levels * 10 + level;
  subsystemLength = byteLength(subsystem);
  parts += u32(messageParts(message).length);
}
bindLog(handle);

function fail(message: Message, place: string): never {
  for (;;) {}
}
bindPanic(fail);

const results = new FixedArray<u32, 4>();

export function main(): void {
  log.debug(`a ${1} b`);
  log.info("a");
  log.warn(`${2}`);
  log.error(`${3}${4}`);
  results[0] = lines;
  assert(results[0] === 4);
  assert(levels === 123);
  assert(subsystemLength === 3);
  assert(parts === 7);
}
