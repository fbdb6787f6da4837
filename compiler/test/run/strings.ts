// Strings are static UTF-8: lengths are in bytes, escapes and non-ASCII text pass unchanged.

const GREETING = "grüße, 世界 🌍";
const NAMES: FixedArray<string, 3> = ["one", "", "three"];

class Named {
  name: string;
  empty: string;
}

const named = new Named();

function longest(names: Slice<string>): string {
  let result = "";
  for (const name of names) {
    if (byteLength(name) > byteLength(result)) result = name;
  }
  return result;
}

function sum(text: string): u32 {
  let total: u32 = 0;
  for (const byte of bytesOf(text)) total += byte;
  return total;
}

export function main(): void {
  log.info(GREETING);
  log.info(`${byteLength(GREETING)} ${byteLength("")} ${byteLength("abc")}`);
  log.info('quote " backslash \\ percent %d %s tab\tdone ??/ question ?');
  log.info(`${longest(NAMES)} [${NAMES[1]}]`);
  log.info(`[${named.name}] ${byteLength(named.empty)}`);
  named.name = GREETING;
  log.info(`${byteLength(named.name)}`);
  log.info(`${sum("AB")} ${bytesOf("ü")[0]} ${bytesOf("ü")[1]} ${bytesOf("\u{1f30d}").length}`);
  log.info(`${stringOver(subslice(bytesOf("kernel"), 1, 4))}`);
  log.info(`\x41\u0042${"C"} $\{not a part} \``);
}
