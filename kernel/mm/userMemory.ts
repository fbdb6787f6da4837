/**
 * The kernel's way to memory of the program whose address space is in use. Pages that the program has not touched yet
 * come as if it had touched them itself; what it may not do, the kernel does not do for it.
 *
 *     address + bytes in the lower half? -> copy -> page fault? -> faults.ts -> goes on, or BadAddress
 */

import { PAGE_SIZE } from "../../arch/x86_64/addresses";
import { copyUserBytes } from "../../arch/x86_64/userCopy";
import { SpaceResult } from "./regions";
import { endUserAddress, firstUserPage } from "./regionTree";

class UserWord {
  value: u64;
}

/** Fills `target` from the program's memory at `address`. Not Done: some of it may be filled. */
export function readUser(target: Slice<u8>, address: u64): SpaceResult {
  return copyIn(addressOf(target), address, u64(target.length)) ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** Puts `source` into the program's memory at `address`. Not Done: some of it may be there. */
export function writeUser(address: u64, source: Slice<u8>): SpaceResult {
  return copyOut(address, addressOf(source), u64(source.length)) ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** The word in the program's memory at `address`, or null: it cannot be read. */
export function readUserWord(address: u64): u64 | null {
  const word = new UserWord();
  return copyIn(addressOf(word), address, sizeOf<UserWord>()) ? word.value : null;
}

/** Puts a word into the program's memory at `address`. */
export function writeUserWord(address: u64, value: u64): SpaceResult {
  const word = new UserWord();
  word.value = value;
  return copyOut(address, addressOf(word), sizeOf<UserWord>()) ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** Puts 4 bytes into the program's memory at `address`: an int of C. */
export function writeUserInteger(address: u64, value: u32): SpaceResult {
  const word = new UserWord();
  word.value = u64(value);
  return copyOut(address, addressOf(word), 4n) ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** The 4 bytes in the program's memory at `address`, or null: they cannot be read. */
export function readUserInteger(address: u64): u32 | null {
  const word = new UserWord();
  return copyIn(addressOf(word), address, 4n) ? u32(word.value) : null;
}

/** Puts words into the program's memory, from `at` upwards; once one has failed, no more. */
export class WordWriter {
  at: u64;
  hasFailed: bool;

  word(value: u64): void {
    if (!this.hasFailed) this.hasFailed = writeUserWord(this.at, value) !== SpaceResult.Done;
    this.at = wrappingAdd(this.at, 8n);
  }
}

/** Fills an object from the program's memory at `address`. Not Done: some of it may be filled. */
export function readUserObject<T extends object>(target: T, address: u64): SpaceResult {
  return readUserPart(target, address, sizeOf<T>());
}

/** Fills the first `bytes` bytes of an object. */
export function readUserPart<T extends object>(target: T, address: u64, bytes: u64): SpaceResult {
  assert(bytes <= sizeOf<T>(), "an object ends where it ends");
  return copyIn(addressOf(target), address, bytes) ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** Puts the first `bytes` bytes of an object into the program's memory at `address`. */
export function writeUserObject<T extends object>(address: u64, source: T, bytes: u64): SpaceResult {
  assert(bytes <= sizeOf<T>(), "an object ends where it ends");
  return copyOut(address, addressOf(source), bytes) ? SpaceResult.Done : SpaceResult.BadAddress;
}

function copyIn(target: u64, address: u64, bytes: u64): bool {
  return isUserRange(address, bytes) && copyUserBytes(target, address, bytes) === 0n;
}

function copyOut(address: u64, source: u64, bytes: u64): bool {
  return isUserRange(address, bytes) && copyUserBytes(address, source, bytes) === 0n;
}

/** Whether all of these bytes lie where programs may have pages. No bytes do anywhere. */
export function isUserRange(address: u64, bytes: u64): bool {
  if (bytes === 0n) return true;
  const end = endUserAddress();
  return address >= firstUserPage() * PAGE_SIZE && address < end && bytes <= end - address;
}
