/** Page faults, one kind each. */

import { callAddress } from "../../arch/x86_64/probe";

/** Nothing is mapped there; the address is a tradition. */
const UNMAPPED: u64 = 0xdead_beafn;
const ANSWER: u8 = 42;

/** What `demoExecData` jumps to: one RET, in a page of data. */
class Code {
  bytes: FixedArray<u8, 16> = [0xc3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
const code = new Code();

/** Writes where nothing is mapped. */
export function demoPageFault(): void {
  log.info(`writing ${ANSWER} to ${hex(UNMAPPED)}`);
  writeAnswer(UNMAPPED);
}

/** Reads through a null pointer. */
export function demoNull(): void {
  log.info("reading through a null pointer");
  readThrough(0n);
}

/** Writes to a constant: the page is mapped, but not for that. */
export function demoWriteRodata(): void {
  log.info("writing to the kernel's rodata");
  writeAnswer(addressOfSymbol("rodata_start"));
}

/** Runs data: the page may be read and written, but not executed. */
export function demoExecData(): void {
  log.info("running the kernel's data");
  callAddress(addressOf(code));
}

function writeAnswer(address: u64): void {
  poke8(address, ANSWER);
}

function readThrough(address: u64): void {
  void peek64(address);
}
