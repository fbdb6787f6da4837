/**
 * System calls about the machine as a whole.
 *
 * Linux man-pages: uname(2), sysinfo(2), reboot(2), syslog(2).
 */

import { EXIT_PASSED, exitQemu } from "../../arch/x86_64/debugExit";
import { haltForever } from "../../arch/x86_64/halt";
import { PAGE_SIZE } from "../../arch/x86_64/addresses";
import { resetMachine } from "../../arch/x86_64/reset";
import { elapsedMicroseconds } from "../clock";
import { freeFrameCount, managedFrameCount } from "../mm/frameAllocator";
import { freeSlotCount, slotCount } from "../mm/swap";
import { writeUserObject } from "../mm/userMemory";
import { Errno, answerOf, refusal } from "./errno";
import { processCount } from "./process";

/** struct utsname: six texts of 65 bytes, each with a zero byte behind it. */
class SystemName {
  readonly bytes: FixedArray<u8, 390>;
}
staticAssert(sizeOf<SystemName>() === 390n);
const FIELD_BYTES: u32 = 65;
/** System, node, release, version, machine, domain. */
const FIELDS: FixedArray<string, 6> = ["Tessera", "tessera", "0.1.0", "TypeScript", "x86_64", "(none)"];

const systemName = new SystemName();

/** uname. */
export function nameSystem(target: u64): u64 {
  zeroStruct(systemName);
  for (let field: u32 = 0; field < FIELDS.length; field += 1) {
    const text = bytesOf(FIELDS[field]);
    for (let i: u32 = 0; i < text.length; i += 1) systemName.bytes[field * FIELD_BYTES + i] = text[i];
  }
  return answerOf(writeUserObject(target, systemName, sizeOf<SystemName>()));
}

/** struct sysinfo; sizes are in units of `unit` bytes. */
class SystemInfo {
  uptime: u64;
  readonly loads: FixedArray<u64, 3>;
  totalRam: u64;
  freeRam: u64;
  sharedRam: u64;
  bufferRam: u64;
  totalSwap: u64;
  freeSwap: u64;
  processes: u16;
  totalHigh: u64;
  freeHigh: u64;
  unit: u32;
}
staticAssert(sizeOf<SystemInfo>() === 112n);

const MICROSECONDS_PER_SECOND: u64 = 1_000_000n;
const systemInfo = new SystemInfo();

/** sysinfo. */
export function describeSystem(target: u64): u64 {
  zeroStruct(systemInfo);
  systemInfo.uptime = elapsedMicroseconds() / MICROSECONDS_PER_SECOND;
  systemInfo.totalRam = managedFrameCount();
  systemInfo.freeRam = freeFrameCount();
  systemInfo.totalSwap = slotCount();
  systemInfo.freeSwap = freeSlotCount();
  systemInfo.processes = u16(processCount());
  systemInfo.unit = u32(PAGE_SIZE);
  return answerOf(writeUserObject(target, systemInfo, sizeOf<SystemInfo>()));
}

/** The two numbers by which reboot knows that it is meant. */
const FIRST_MAGIC: u64 = 0xfee1_deadn;
const SECOND_MAGICS: FixedArray<u64, 4> = [672274793n, 85072278n, 369367448n, 537993216n];

const RESTART: u64 = 0x0123_4567n;
const HALT: u64 = 0xcdef_0123n;
const POWER_OFF: u64 = 0x4321_fedcn;
const ENABLE_KEYS: u64 = 0x89ab_cdefn;
const DISABLE_KEYS: u64 = 0n;
const WORD_BITS: u64 = 0xffff_ffffn;

/** reboot: does not return when it restarts the machine, switches it off or stops it. */
export function endMachine(first: u64, second: u64, command: u64): u64 {
  if ((first & WORD_BITS) !== FIRST_MAGIC || !isSecondMagic(second & WORD_BITS)) return refusal(Errno.Invalid);
  switch (command & WORD_BITS) {
    case RESTART:
      log.info("the machine restarts");
      resetMachine();
    case POWER_OFF:
      log.info("the machine is switched off");
      exitQemu(EXIT_PASSED);
    case HALT:
      log.info("the machine stops");
      haltForever();
    case ENABLE_KEYS:
    case DISABLE_KEYS:
      return 0n;
    default:
      return refusal(Errno.Invalid);
  }
}

function isSecondMagic(number: u64): bool {
  for (const magic of SECOND_MAGICS) {
    if (magic === number) return true;
  }
  return false;
}
