/**
 * The end of all: reboot(2).
 */
import { Call } from "../lib/callNumbers";
import { systemCall } from "../lib/machine";
import { printError } from "../lib/terminal";

const LINUX_REBOOT_MAGIC1 = 0xfee1dead;
const LINUX_REBOOT_MAGIC2 = 672274793;
const RESTART = 0x01234567;
const POWER_OFF = 0x4321fedc;

/** Returns only when the kernel refuses. */
export function powerOff(): number {
  return reboot(POWER_OFF);
}

/** Returns only when the kernel refuses. */
export function restart(): number {
  return reboot(RESTART);
}

function reboot(command: number): number {
  systemCall(Call.reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command);
  printError("tsh: the kernel refuses");
  return 1;
}
