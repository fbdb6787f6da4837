// On the host, debug and info print the bare message, warn and error say what they are.

function greet(message: Message): void {
  log.info(message);
  log.warn(message);
}

export function main(): void {
  log.debug("debug");
  log.info("info");
  log.warn("low memory");
  log.error(`code ${5}`);
  greet("plain");
  greet(`with ${1 + 1} parts`);
}
