/**
 * The kernel's way to memory of the program whose address space is in use. Pages that the program has not touched yet
 * come as if it had touched them itself; what it may not do, the kernel does not do for it.
 *
 *     address + bytes in the lower half? -> copy -> page fault? -> faults.ts -> goes on, or BadAddress
 */

import { PAGE_SIZE } from "../../arch/x86_64/addresses";
import { copyUserBytes } from "../../arch/x86_64/userCopy";
import { SpaceResult } from "./regions";
import { endUserPage, firstUserPage } from "./regionTree";

class UserWord {
  value: u64;
}

/** Fills `target` from the program's memory at `address`. Not Done: some of it may be filled. */
export function readUser(target: Slice<u8>, address: u64): SpaceResult {
  const bytes = u64(target.length);
  if (!isUserRange(address, bytes)) return SpaceResult.BadAddress;
  return copyUserBytes(addressOf(target), address, bytes) === 0n ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** Puts `source` into the program's memory at `address`. Not Done: some of it may be there. */
export function writeUser(address: u64, source: Slice<u8>): SpaceResult {
  const bytes = u64(source.length);
  if (!isUserRange(address, bytes)) return SpaceResult.BadAddress;
  return copyUserBytes(address, addressOf(source), bytes) === 0n ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** Puts a word into the program's memory at `address`. */
export function writeUserWord(address: u64, value: u64): SpaceResult {
  const word = new UserWord();
  word.value = value;
  if (!isUserRange(address, sizeOf<UserWord>())) return SpaceResult.BadAddress;
  const left = copyUserBytes(address, addressOf(word), sizeOf<UserWord>());
  return left === 0n ? SpaceResult.Done : SpaceResult.BadAddress;
}

/** The word in the program's memory at `address`, or null: it cannot be read. */
export function readUserWord(address: u64): u64 | null {
  const word = new UserWord();
  if (!isUserRange(address, sizeOf<UserWord>())) return null;
  return copyUserBytes(addressOf(word), address, sizeOf<UserWord>()) === 0n ? word.value : null;
}

/** The address behind the last that programs may use. */
export function endUserAddress(): u64 {
  return endUserPage() * PAGE_SIZE;
}

/** Whether all of these bytes lie where programs may have pages. No bytes do anywhere. */
export function isUserRange(address: u64, bytes: u64): bool {
  if (bytes === 0n) return true;
  const end = endUserPage() * PAGE_SIZE;
  return address >= firstUserPage() * PAGE_SIZE && address < end && bytes <= end - address;
}
