// Strings compare by content, not by where they lie.

class Command {
  name: string;
  run: u32;
}

const COMMANDS: FixedArray<Command, 3> = [
  { name: "help", run: 1 },
  { name: "halt", run: 2 },
  { name: "", run: 3 },
];
const typed = new FixedArray<u8, 4>();

function same(left: string, right: string): bool {
  return left === right;
}

function find(name: string): u32 {
  for (const command of COMMANDS) {
    if (command.name === name) return command.run;
  }
  return 0;
}

export function main(): void {
  const halt = bytesOf("a halt!");
  for (let i: u32 = 0; i < 4; i++) typed[i] = halt[i + 2];
  log.info(`${find("help")} ${find(stringOver(typed))} ${find("")} ${find("hel")} ${find("helpp")}`);
  log.info(`${same("ü", "ü")} ${same("ü", "u")} ${stringOver(emptySlice<u8>()) === ""} ${stringOver(typed) !== "hal"}`);
}
